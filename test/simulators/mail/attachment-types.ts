/**
 * What Azure Communication Services accepts as an attachment: file name extension and MIME type, both must fit
 * (https://learn.microsoft.com/azure/communication-services/concepts/email/email-attachment-allowed-mime-types).
 * Not on it, for example: `.html`, `.log`, `.md`, `.js`, `.exe`.
 */
const office = 'application/vnd.openxmlformats-officedocument'
const accepted: Readonly<Record<string, readonly string[]>> = {
  '3g2': ['video/3gpp2'],
  '3gp': ['video/3gpp'],
  '7z': ['application/x-7z-compressed'],
  aac: ['audio/aac'],
  avi: ['video/x-msvideo'],
  bmp: ['image/bmp'],
  csv: ['text/csv'],
  doc: ['application/msword'],
  docm: ['application/vnd.ms-word.document.macroEnabled.12'],
  docx: [`${office}.wordprocessingml.document`],
  eot: ['application/vnd.ms-fontobject'],
  epub: ['application/epub+zip'],
  gif: ['image/gif'],
  gz: ['application/gzip'],
  ico: ['image/vnd.microsoft.icon'],
  ics: ['text/calendar'],
  jpeg: ['image/jpeg'],
  jpg: ['image/jpeg'],
  json: ['application/json'],
  mid: ['audio/midi'],
  midi: ['audio/midi'],
  mp3: ['audio/mpeg'],
  mp4: ['video/mp4'],
  mpeg: ['video/mpeg'],
  oga: ['audio/ogg'],
  ogv: ['video/ogg'],
  ogx: ['application/ogg'],
  one: ['application/onenote'],
  opus: ['audio/opus'],
  otf: ['font/otf'],
  pdf: ['application/pdf'],
  png: ['image/png'],
  ppsm: ['application/vnd.ms-powerpoint.slideshow.macroEnabled.12'],
  ppsx: [`${office}.presentationml.slideshow`],
  ppt: ['application/vnd.ms-powerpoint'],
  pptm: ['application/vnd.ms-powerpoint.presentation.macroEnabled.12'],
  pptx: [`${office}.presentationml.presentation`],
  pub: ['application/vnd.ms-publisher'],
  rar: ['application/x-rar-compressed'],
  rpmsg: ['application/vnd.ms-outlook'],
  rtf: ['application/rtf'],
  svg: ['image/svg+xml'],
  tar: ['application/x-tar'],
  tif: ['image/tiff'],
  tiff: ['image/tiff'],
  ttf: ['font/ttf'],
  txt: ['text/plain'],
  vsd: ['application/vnd.visio'],
  wav: ['audio/wav'],
  weba: ['audio/webm'],
  webm: ['video/webm'],
  webp: ['image/webp'],
  wma: ['audio/x-ms-wma'],
  wmv: ['video/x-ms-wmv'],
  woff: ['font/woff'],
  woff2: ['font/woff2'],
  xls: ['application/vnd.ms-excel'],
  xlsb: ['application/vnd.ms-excel.sheet.binary.macroEnabled.12'],
  xlsm: ['application/vnd.ms-excel.sheet.macroEnabled.12'],
  xlsx: [`${office}.spreadsheetml.sheet`],
  xml: ['application/xml', 'text/xml'],
  zip: ['application/zip'],
}

/** Which property of an attachment is refused; `null` = it is accepted. */
export function refusedProperty(name: string, contentType: string): 'name' | 'contentType' | null {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  const types = name.includes('.') ? accepted[extension] : undefined
  if (types === undefined) return 'name'
  return types.some((type) => type.toLowerCase() === contentType.toLowerCase())
    ? null
    : 'contentType'
}
