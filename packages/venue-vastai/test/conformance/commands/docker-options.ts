/** Reads docker options as the official client does: `-e K=V`, `-p 80:80`, `-v a:b`, `-n name`, `-h name`; anything odd is dropped. */
export function readDockerOptions(text: string | undefined): Record<string, string> {
  const env: Record<string, string> = {}
  let option: string | undefined
  for (const word of splitOutsideQuotes(text ?? '')) {
    if (option === undefined) {
      if (/^-[ephvn]$/.test(word)) option = word
      continue
    }
    if (option === '-e') {
      const at = word.indexOf('=')
      if (at !== -1) env[word.slice(0, at)] = word.slice(at + 1).replace(/^['"]+|['"]+$/g, '')
    } else if (option === '-p') {
      if (/^[0-9:tcp/ud]*$/.test(word)) env[`-p ${word}`] = '1'
    } else if (option === '-v') {
      if (/^[A-Za-z0-9:./_]*$/.test(word)) env[`-v ${word}`] = '1'
    } else if (option === '-n') {
      if (/^[a-z0-9-]*$/.test(word)) env[`-n ${word}`] = '1'
    } else env[option] = word
    option = undefined
  }
  return env
}

function splitOutsideQuotes(text: string): readonly string[] {
  return text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? []
}
