/**
 * Preloaded into child processes (`node --import …/exit-with-parent.ts program`): ends the process when its stdin
 * closes. The operating system closes that pipe however the parent ended, SIGKILL included, so no child stays behind.
 */

const graceMs = 3_000

function endGracefully(): void {
  setTimeout(() => process.exit(1), graceMs).unref()
  process.kill(process.pid, 'SIGTERM')
}

process.stdin.once('end', endGracefully)
process.stdin.once('error', endGracefully)
process.stdin.resume()
// The pipe alone must not keep a program alive that has finished by itself.
if ('unref' in process.stdin && typeof process.stdin.unref === 'function') process.stdin.unref()
