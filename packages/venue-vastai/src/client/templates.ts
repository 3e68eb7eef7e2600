import { templateLanguage } from '../search/language.ts'
import { type FieldFilter, wireFilter } from '../search/offer-filter.ts'
import type { templateFields } from '../search/other-fields.ts'
import { parseQuery } from '../search/parse-query.ts'
import { acknowledgementSchema } from '../wire/acknowledgement.ts'
import { type Template, templatesSchema, writtenTemplateSchema } from '../wire/template.ts'
import { checkId, checkInput } from './check-input.ts'
import { endpoints } from './endpoints.ts'
import { type TemplateSpec, templateBody, templateSpecSchema } from './template-input.ts'
import type { RequestOptions, Transport } from './transport.ts'

/** Demands on the template search. */
export type TemplateFilter = FieldFilter<typeof templateFields>

/** Which template. */
export type TemplateRef = { readonly hashId: string } | { readonly templateId: number }

/** What instances are made from. */
export class Templates {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Searches with a typed filter or the text language. */
  async search(wanted: TemplateFilter | string = {}, options?: RequestOptions): Promise<readonly Template[]> {
    const filters =
      typeof wanted === 'string' ? parseQuery(wanted, templateLanguage) : wireFilter(wanted, templateLanguage, false)
    const query = { select_cols: ['*'], select_filters: filters }
    return (await this.#transport.call(endpoints.searchTemplates, templatesSchema, { query }, options)).templates
  }

  async create(spec: TemplateSpec, options?: RequestOptions): Promise<Template> {
    const body = templateBody(checkInput(templateSpecSchema, spec, 'the template'))
    return (await this.#transport.call(endpoints.createTemplate, writtenTemplateSchema, { body }, options)).template
  }

  /** Replaces a template whole; its hash changes. */
  async update(hashId: string, spec: TemplateSpec, options?: RequestOptions): Promise<Template> {
    const body = { hash_id: hashId, ...templateBody(checkInput(templateSpecSchema, spec, 'the template')) }
    return (await this.#transport.call(endpoints.updateTemplate, writtenTemplateSchema, { body }, options)).template
  }

  async delete(template: TemplateRef, options?: RequestOptions): Promise<void> {
    const body =
      'hashId' in template ? { hash_id: template.hashId } : { template_id: checkId(template.templateId, 'templateId') }
    await this.#transport.call(endpoints.deleteTemplate, acknowledgementSchema, { body, removes: true }, options)
  }
}
