import { parentPort, workerData } from 'node:worker_threads'
import { type CompareOptions, compareOnSameRenters } from './compare.ts'

parentPort?.postMessage(compareOnSameRenters(workerData as CompareOptions))
