import { strategyConformance } from '@org/testkit'
import { lemonBotFixtures } from './strategy/lemon-bot-fixtures.ts'

strategyConformance({ name: 'lemon bot', ...lemonBotFixtures })
