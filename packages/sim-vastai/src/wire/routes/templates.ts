import { createHash } from 'node:crypto'
import { ITEMS_MAX, type Template } from '../account-book.ts'
import { json } from '../answer.ts'
import { optionalText } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import type { JsonObject } from '../json.ts'
import { queryObject } from '../query.ts'
import { invalidArguments, Refused } from '../refused.ts'
import { compileFilter } from '../search/compile-filter.ts'
import { defineFields } from '../search/field.ts'

type Row = Record<string, unknown>

const column = (name: string) => (row: Row) => row[name]

const fields = defineFields<Row>({
  id: ['number', column('id')],
  creator_id: ['number', column('creator_id')],
  count_created: ['number', column('count_created')],
  created_at: ['number', column('created_at')],
  recent_create_date: ['number', column('recent_create_date')],
  name: ['text', column('name')],
  image: ['text', column('image')],
  tag: ['text', column('tag')],
  hash_id: ['text', column('hash_id')],
  runtype: ['text', column('runtype')],
  private: ['flag', column('private')],
  recommended: ['flag', column('recommended')],
  use_ssh: ['flag', column('use_ssh')],
  ssh_direct: ['flag', column('ssh_direct')],
  jup_direct: ['flag', column('jup_direct')],
  default_tag: ['text', column('default_tag')],
})

/** Recipes for instances. */
export const templateRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/template',
    access: 'user_read',
    handle: call => {
      const filter = compileFilter(queryObject(call.query, 'select_filters'), fields, new Set())
      const rows = [...call.simulation.books].flatMap(book =>
        [...book.templates.values()].map(template => show(template, book.account.id)),
      )
      const visible = rows.filter(row => row['creator_id'] === call.caller.account.id || row['private'] !== true)
      const found = visible.filter(filter.matches)
      return json({ success: true, templates_found: found.length, templates: found })
    },
  },
  { method: 'POST', path: '/template', access: 'user_write', handle: create },
  {
    method: 'PUT',
    path: '/template',
    access: 'user_write',
    handle: call => {
      const template = find(call)
      template.fields = { ...template.fields, ...withoutIds(call.body) }
      template.hashId = hashOf(call, template)
      template.recentS = call.nowMs / 1000
      return json({ success: true, template: show(template, call.caller.account.id) })
    },
  },
  {
    method: 'DELETE',
    path: '/template',
    access: 'user_write',
    handle: call => {
      call.caller.book.templates.delete(find(call).id)
      return json({ success: true, msg: 'Template deleted.' })
    },
  },
]

function create(call: Call) {
  const { templates } = call.caller.book
  if (templates.size >= ITEMS_MAX) throw invalidArguments('Too many templates.')
  if (optionalText(call.body, 'image') === undefined) throw invalidArguments('Missing image')
  const nowS = call.nowMs / 1000
  const template: Template = {
    id: call.simulation.nextId('template', 100_001),
    hashId: '',
    fields: withoutIds(call.body),
    countCreated: 0,
    createdS: nowS,
    recentS: nowS,
  }
  template.hashId = hashOf(call, template)
  templates.set(template.id, template)
  return json({ success: true, template: show(template, call.caller.account.id) })
}

function find(call: Call): Template {
  const { hash_id: hashId, template_id: id } = call.body as { hash_id?: unknown; template_id?: unknown }
  const template = [...call.caller.book.templates.values()].find(
    each => each.hashId === hashId || each.id === Number(id),
  )
  if (template === undefined) throw new Refused(404, 'no_such_template', 'No such template.')
  return template
}

/** Templates are named by what they say. */
function hashOf(call: Call, template: Template): string {
  const text = `${call.caller.account.id} ${template.id} ${JSON.stringify(template.fields)}`
  return createHash('md5').update(text).digest('hex')
}

function show(template: Template, creatorId: number): Row {
  return {
    name: null,
    private: true,
    recommended: false,
    ...template.fields,
    id: template.id,
    hash_id: template.hashId,
    creator_id: creatorId,
    count_created: template.countCreated,
    created_at: template.createdS,
    recent_create_date: template.recentS,
  }
}

function withoutIds(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'hash_id' && key !== 'template_id'))
}
