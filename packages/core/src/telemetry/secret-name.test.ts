import { describe, expect, it } from 'vitest'
import { isSecretName } from './secret-name.ts'

describe('the name of a secret', () => {
  it.each([
    ['apiKey', 'API-KEY', 'vastApiKey', 'Authorization', 'set-cookie', 'webhookSecret', 'ccxtSecretKey'],
    ['HF_TOKEN', 'WANDB_API_KEY', 'AWS_SECRET_ACCESS_KEY', 'POSTGRES_PASSWORD', 'MYSQL_PASSWD', 'SSH_PRIVATE_KEY'],
  ])('is known by its end, as code and as environments write it: %s, %s, %s, %s, …', (...names) => {
    expect(names.filter(name => !isSecretName(name))).toEqual([])
  })

  it('is not that of what merely sounds like one', () => {
    const names = [
      'tokenCount',
      'keyboard',
      'secretary',
      'MAX_TOKENS',
      'AWS_REGION',
      'PUBLIC_KEY',
      'TOKENIZERS_PARALLELISM',
    ]
    expect(names.filter(isSecretName)).toEqual([])
  })
})
