import { memoryStore } from '@org/core'
import { storeConformance } from '@org/testkit'

storeConformance({ name: 'memory', create: () => memoryStore() })
