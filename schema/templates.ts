/** International templates: what the console says of them, and the verbs behind their pages. */
import type { Actor, Page } from './console';
import type { Iso2, TemplateId } from './ids';

export interface TemplateForm {
  readonly name: string;
  readonly body: string;
  /** By the name of the variable; those of names that the body has not are left out. */
  readonly samples: Readonly<Record<string, string>>;
}
export interface TemplateView extends TemplateForm {
  readonly id: TemplateId;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface TemplateServices {
  /** Changed last first. @param search part of the name or of the text; '' = all */
  list(actor: Actor, search: string, cursor: string | null): Promise<Page<TemplateView>>;
  /** @throws AppError not_found */
  find(actor: Actor, id: TemplateId): Promise<TemplateView>;
  /** @throws AppError forbidden, templates_full, invalid_request with every field that is wrong */
  create(actor: Actor, form: TemplateForm): Promise<TemplateId>;
  /** @throws AppError forbidden, not_found, invalid_request with every field that is wrong */
  edit(actor: Actor, id: TemplateId, form: TemplateForm): Promise<void>;
  /** @throws AppError forbidden, not_found */
  remove(actor: Actor, id: TemplateId): Promise<void>;
  /** Micro-EUR of one part by country, as the tenant pays it. */
  prices(actor: Actor): Promise<readonly { readonly country: Iso2; readonly unitMicros: number }[]>;
}
