/** Finds the Bicep command line: one that is installed, or the pinned one from NuGet. */
import { execFile } from 'node:child_process'
import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The version that `azuredeploy.json` is made with: another one may write other JSON for the same source. */
const bicepVersion = '0.49.2'

const packageName = 'Azure.Bicep.CommandLine.linux-x64'
const packages = fileURLToPath(new URL('../../node_modules/.cache/bicep', import.meta.url))
const fromNuGet = join(packages, packageName.toLowerCase(), bicepVersion, 'tools', 'bicep')
const restoreTimeoutMs = 60_000

// The compiler is a .NET program; without this it wants ICU, which small machines do not have.
const environment = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' }

export interface BicepCompiler {
  readonly path: string
  /** @returns what it printed @throws Error with its diagnostics */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<BicepOutput>
}

interface BicepOutput {
  readonly stdout: string
  /** Warnings and findings of the linter, one a line; `''` = none. */
  readonly stderr: string
}

/**
 * In this order: the file that `BICEP_PATH` names, `bicep` on the PATH in the pinned version, the package from NuGet.
 * @returns `null` when none can be had on this machine
 */
export async function findBicep(): Promise<BicepCompiler | null> {
  const installed = [process.env['BICEP_PATH'], 'bicep'].filter((path) => path !== undefined)
  for (const path of installed) {
    if (await isPinnedVersion(path)) return compilerAt(path)
  }
  return (await restoreFromNuGet()) ? compilerAt(fromNuGet) : null
}

function compilerAt(path: string): BicepCompiler {
  return {
    path,
    run: (args, env = {}) =>
      promisify(execFile)(path, args, {
        env: { ...environment, ...env },
        maxBuffer: 64 * 1024 * 1024,
      }),
  }
}

async function isPinnedVersion(path: string): Promise<boolean> {
  try {
    const { stdout } = await compilerAt(path).run(['--version'])
    return stdout.includes(` ${bicepVersion} `)
  } catch {
    return false
  }
}

/** Restores a project that has nothing but the package: the .NET SDK brings the client of NuGet. */
async function restoreFromNuGet(): Promise<boolean> {
  if (await isPinnedVersion(fromNuGet)) return true
  if (process.platform !== 'linux' || process.arch !== 'x64') return false
  const folder = await mkdtemp(join(tmpdir(), 'bicep-'))
  try {
    await writeFile(join(folder, 'bicep.csproj'), project)
    await promisify(execFile)('dotnet', ['restore', '--packages', packages], {
      cwd: folder,
      env: environment,
      timeout: restoreTimeoutMs,
    })
    await access(fromNuGet)
    await chmod(fromNuGet, 0o755)
    return await isPinnedVersion(fromNuGet)
  } catch {
    return false
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const project = `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net$(BundledNETCoreAppTargetFrameworkVersion)</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="${packageName}" Version="[${bicepVersion}]" /></ItemGroup>
</Project>
`
