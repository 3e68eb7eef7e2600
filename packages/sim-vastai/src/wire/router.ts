import type { Route } from './call.ts'

interface Node {
  readonly literals: Map<string, Node>
  wildcard: Node | undefined
  readonly routes: Map<string, Route>
}

/** What {@link Router.match} found. */
export type Match =
  | { readonly route: Route; readonly params: readonly string[] }
  | { readonly route: undefined; readonly isKnownPath: boolean }

/** Finds the endpoint of a method and path. Trailing slashes do not matter: half of the real paths come with one, half without. */
export class Router {
  readonly #root: Node = newNode()

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      let node = this.#root
      for (const segment of segmentsOf(route.path)) {
        if (segment.startsWith(':')) {
          node.wildcard ??= newNode()
          node = node.wildcard
        } else {
          let next = node.literals.get(segment)
          if (next === undefined) {
            next = newNode()
            node.literals.set(segment, next)
          }
          node = next
        }
      }
      node.routes.set(route.method, route)
    }
  }

  /** `path` without `/api/v<n>`. Literal segments win over `:names`. */
  match(method: string, path: string): Match {
    const params: string[] = []
    let node = this.#root
    for (const segment of segmentsOf(path)) {
      const literal = node.literals.get(segment)
      if (literal !== undefined) {
        node = literal
      } else if (node.wildcard !== undefined) {
        params.push(segment)
        node = node.wildcard
      } else {
        return { route: undefined, isKnownPath: false }
      }
    }
    const route = node.routes.get(method)
    return route === undefined ? { route, isKnownPath: node.routes.size > 0 } : { route, params }
  }
}

function newNode(): Node {
  return { literals: new Map(), wildcard: undefined, routes: new Map() }
}

function segmentsOf(path: string): readonly string[] {
  const from = path.startsWith('/') ? 1 : 0
  const to = path.endsWith('/') && path.length > from ? path.length - 1 : path.length
  return to <= from ? [] : path.slice(from, to).split('/')
}
