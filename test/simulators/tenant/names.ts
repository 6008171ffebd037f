/** Dutch and English names as real tenants have them: particles, double names, accents, apostrophes. */
import type { Random } from '../shared/random.ts'

const firstNames =
  'Anna Bas Bram Chloé Daan Emma Eva Fatima Femke Floor Grace Hanna Henk Iris Jan Jeroen Joost Julia Karel Kim Lars Lieke Lotte Luuk Maarten Maud Mehmet Milan Mohammed Naomi Nienke Noor Oliver Olga Pieter Ravi Renée Ruben Sanne Sophie Sven Thijs Tom Willem Yara Zoë Amy Charlotte Edward George Harry James Lucy Megan Oscar Poppy Rosie Samuel Thomas William'.split(
    ' ',
  )
const lastNames =
  "de Vries|Jansen|van den Berg|Bakker|van Dijk|Visser|Smit|Meijer|de Boer|Mulder|de Groot|Bos|Vos|Peters|Hendriks|van Leeuwen|Dekker|Brouwer|de Wit|Dijkstra|Smits|de Graaf|van der Meer|van 't Hoff|Jacobs|Özdemir|El Amrani|Kuipers|Vermeulen|van den Heuvel|Müller|Huisman|Prins|Scholten|Willems|Koster|O'Brien|Smith|Jones|Taylor|Brown|Williams|Wilson|Evans|Walker|Wright|Robinson|Thompson|Hughes|Clarke|Green-Hall|Baker|Turner".split(
    '|',
  )
const sharedNames =
  'Receptie|Info|Administratie|Facturen|Klantenservice|HR|Verkoop|Inkoop|Planning|Directie|Secretariaat|Helpdesk|Zorgcoördinatie|Wijkteam Noord|Wijkteam Zuid|Apotheek|Reception|Accounts Payable|Support|Sales|Recruitment|Privacy|Incident Response|Legal|Marketing|Facilities|Bezwaar en Beroep|Archief|Vergunningen|Burgerzaken'.split(
    '|',
  )
const departmentNames =
  'Receptie Team|Financiën|Verpleging|Juridische Zaken|ICT Beheer|Personeelszaken|Reception Team|Finance|Operations|Customer Care|Front Office|Back Office|Managementteam|Projectbureau|Nursing|Legal Team'.split(
    '|',
  )
const roomNames = 'Vergaderzaal|Spreekkamer|Boardroom|Meeting Room|Collegezaal|Behandelkamer'.split(
  '|',
)
const equipmentNames = 'Beamer|Dienstauto|Projector|Laptopkar|Company Car|Camera'.split('|')

/** Display names that must stay harmless in CSV, HTML and mail. */
export const hostileDisplayNames = [
  '=HYPERLINK("https://fabrikam.example","Salaris")',
  '<script>alert(1)</script> Jansen',
  '+31 20 555 0101 "Balie", \'noord\'',
  '@SUM(A1:A9)',
  'Zoë 🦊 van \u202eđen Berg',
] as const

export function personName(random: Random): string {
  return `${random.pick(firstNames)} ${random.pick(lastNames)}`
}
export const sharedName = (random: Random): string => random.pick(sharedNames)
export const departmentName = (random: Random): string => random.pick(departmentNames)
export const roomName = (random: Random): string =>
  `${random.pick(roomNames)} ${random.integer(0, 9)}.${random.integer(10, 59)}`
export const equipmentName = (random: Random): string =>
  `${random.pick(equipmentNames)} ${random.integer(1, 40)}`

/** A name as the local part of an address: `Zoë van 't Hoff` → `zoe.vanthoff`. */
export function localPart(name: string): string {
  const [first = '', ...rest] = name
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9 ]/g, '')
    .split(' ')
    .filter((word) => word !== '')
  return rest.length === 0 ? first || 'mailbox' : `${first}.${rest.join('')}`
}

/** Hands out every text once: the second `jan.devries` becomes `jan.devries2`. */
export function uniqueNames(): (wanted: string) => string {
  const used = new Map<string, number>()
  const take = (wanted: string): string => {
    const count = (used.get(wanted) ?? 0) + 1
    used.set(wanted, count)
    return count === 1 ? wanted : take(`${wanted}${count}`)
  }
  return take
}
