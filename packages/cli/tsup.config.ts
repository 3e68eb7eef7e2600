import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/main.ts'],
  format: 'esm',
  target: 'node22',
  sourcemap: true,
  clean: true,
  dts: false,
  // `node:sqlite` exists under this name only.
  removeNodeProtocol: false,
})
