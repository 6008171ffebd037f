/** The page of the branch `deploy`, with the Deploy-to-Azure button of the newest release. */

export interface DeployPage {
  readonly version: string
  /** Where the files of the release are: no slash at its end. */
  readonly baseUrl: string
}

/** Template and form are named in the fragment of the portal's address, URL-encoded. */
function deployAddress(baseUrl: string): string {
  const [template, form] = ['azuredeploy.json', 'createUiDefinition.json'].map((name) =>
    encodeURIComponent(`${baseUrl}/${name}`),
  )
  return `https://portal.azure.com/#create/Microsoft.Template/uri/${template}/createUIDefinitionUri/${form}`
}

/** @returns Markdown */
export function deployPage({ version, baseUrl }: DeployPage): string {
  return `# Cloud Sync ${version}

[![Deploy to Azure](https://aka.ms/deploytoazurebutton)](${deployAddress(baseUrl)})

The form asks for eight things and deploys the code too. \`docs/set-up.md\` of the branch that this release was made from says what they mean, and what comes after the form.

After it, a Global Administrator gives the app its reading rights; \`principalId\` is an output of the form:

\`\`\`sh
curl -fsSO ${baseUrl}/grant-permissions.mjs
node grant-permissions.mjs --principal-id <principalId> --what-if
node grant-permissions.mjs --principal-id <principalId>
\`\`\`
`
}
