import { describe, expect, it } from 'vitest'
import { spoilText } from './spoil-text.ts'

const board = '{"grade":"A","price":4,"stalls":[{"price":5,"by":{"name":"Ann"}}]}'

describe('spoilText', () => {
  it('adds a field to every object, of the type of another', () => {
    expect(JSON.parse(spoilText({ kind: 'extra-fields' }, board))).toEqual({
      grade: 'A',
      price: 4,
      stalls: [{ price: 5, by: { name: 'Ann', added_in_level_3: 'Ann' }, added_in_level_2: 5 }],
      added_in_level_0: 'A',
    })
  })

  it('leaves objects alone that may be maps: those that are empty, and those of objects', () => {
    const maps = '{"byModel":{},"bySymbol":{"X":{}}}'
    expect(spoilText({ kind: 'extra-fields' }, maps)).toBe(maps)
  })

  it('says a field twice; the second is the true one', () => {
    const text = spoilText({ kind: 'duplicate-fields' }, board)
    expect(text).toContain('{"grade":null,"grade":"A"')
    expect(JSON.parse(text)).toEqual(JSON.parse(board))
  })

  it('finds a field by its name, at any depth', () => {
    const field = 'price'
    expect(spoilText({ kind: 'missing-field', field }, board)).toBe('{"grade":"A","stalls":[{"by":{"name":"Ann"}}]}')
    expect(JSON.parse(spoilText({ kind: 'mistyped-field', field, value: 'four' }, board))).toMatchObject({
      price: 'four',
      stalls: [{ price: 'four' }],
    })
  })

  it('finds a field by the tail of its path', () => {
    const renamed = spoilText({ kind: 'renamed-field', field: 'stalls.price', to: 'cost' }, board)
    expect(JSON.parse(renamed)).toMatchObject({ price: 4, stalls: [{ cost: 5 }] })
    expect(JSON.parse(spoilText({ kind: 'mistyped-field', field: 'by.name' }, board))).toMatchObject({
      stalls: [{ by: { name: { mistyped: true } } }],
    })
  })

  it('cuts text in half, or puts a page in its place', () => {
    expect(spoilText({ kind: 'malformed-json' }, board)).toBe(board.slice(0, 33))
    expect(spoilText({ kind: 'html-page' }, board)).toMatch(/^<!doctype html>/)
  })

  it('leaves alone what is not JSON', () => {
    expect(spoilText({ kind: 'extra-fields' }, 'sold out')).toBe('sold out')
  })
})
