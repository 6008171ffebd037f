/**
 * Whether a host is this machine itself, the only one that may be called without TLS (contract, section 2).
 * @param hostname as WHATWG URL writes it: lower case, no port, an IPv6 address in brackets. A name that begins with
 * `127.` is a name; only four numbers are an address.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

/** The scheme that an app is reached by. @param host as `WEBSITE_HOSTNAME` names it: `127.0.0.1:7071`, `app-x1.azurewebsites.net` */
export function schemeOf(host: string): 'http' | 'https' {
  return isLoopback(URL.parse(`http://${host}`)?.hostname ?? '') ? 'http' : 'https'
}
