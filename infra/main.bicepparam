using 'main.bicep'

// For `az deployment group create --parameters infra/main.bicepparam`. The key comes from the environment, so that it
// stands in no file and in no history of a shell.
param zivverApiKey = readEnvironmentVariable('ZIVVER_API_KEY')

param includedDomains = 'contoso.example,fabrikam.example'
param ssoAccountKey = 'object_id'
param emailRecipients = 'administrators@contoso.example'
param sourceFilter = ''
param targetFilter = ''
param schedule = '0 0 1 * * *'
param automaticUpdates = false
param location = 'westeurope'
