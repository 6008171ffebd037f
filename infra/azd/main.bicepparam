using 'main.bicep'

// azd asks for the environment's name, the subscription and the region; the rest is set by `azd env set`.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'cloud-sync')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param zivverApiKey = readEnvironmentVariable('ZIVVER_API_KEY')
param includedDomains = readEnvironmentVariable('INCLUDED_DOMAINS')
param ssoAccountKey = readEnvironmentVariable('SSO_ACCOUNT_KEY')
param emailRecipients = readEnvironmentVariable('EMAIL_RECIPIENTS')
param sourceFilter = readEnvironmentVariable('SOURCE_FILTER', '')
param targetFilter = readEnvironmentVariable('TARGET_FILTER', '')
