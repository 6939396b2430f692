/** Texts that WhatsApp has approved: what may be said when the 24 hours have passed. */
import { z } from 'zod';
import type { ChannelAccess, FilledTemplate, Template } from '../channel.ts';
import { callGraph } from '../meta-graph.ts';
import type { WhatsappSettings } from './settings.ts';

const component = z.looseObject({
  type: z.string(),
  format: z.string().optional(),
  text: z.string().optional(),
  buttons: z.array(z.looseObject({ type: z.string(), url: z.string().optional() })).optional(),
});
const listed = z.object({
  name: z.string(),
  language: z.string(),
  status: z.string(),
  category: z.string().optional(),
  parameter_format: z.string().optional(),
  components: z.array(component),
});
const page = z.object({
  data: z.array(z.unknown()),
  paging: z.object({ cursors: z.object({ after: z.string().optional() }).optional(), next: z.string().optional() }).optional(),
});

/** Of a hundred each: an account has 6,000 at most, and nobody looks through more than these. */
const PAGES_AT_MOST = 5;
const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;
const FIELDS = 'name,language,status,category,parameter_format,components';

type Component = z.infer<typeof component>;

/** The approved ones that can be filled in here, by name: not those that want a picture, a code or a link of their own. */
export async function listTemplates(access: ChannelAccess<WhatsappSettings>): Promise<Template[]> {
  const found: Template[] = [];
  let after: string | undefined;
  for (let read = 0; read < PAGES_AT_MOST; read++) {
    const { data, paging } = await callGraph(access, {
      path: `${access.settings.businessAccountId}/message_templates`,
      query: { status: 'APPROVED', fields: FIELDS, limit: '100', ...(after ? { after } : {}) },
      shape: page,
    });
    found.push(...data.flatMap((each) => templateOf(each)));
    after = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (after === undefined) break;
  }
  return found.sort((a, b) => a.name.localeCompare(b.name) || a.language.localeCompare(b.language));
}

function templateOf(each: unknown): Template[] {
  const read = listed.safeParse(each);
  if (!read.success || read.data.status !== 'APPROVED' || read.data.category === 'AUTHENTICATION') return [];
  const { name, language, components, parameter_format } = read.data;
  if (!components.every(canFill)) return [];
  const text = (type: string) => components.find((one) => one.type === type)?.text ?? '';
  const [header, body, footer] = [text('HEADER'), text('BODY'), text('FOOTER')];
  const fields = [...fieldsOf('header', header), ...fieldsOf('body', body)];
  return [{ name, language, header, body, footer, fields, named: parameter_format === 'NAMED' }];
}

function canFill({ type, format, buttons = [] }: Component): boolean {
  if (type === 'HEADER') return format === 'TEXT';
  if (type === 'BODY' || type === 'FOOTER') return true;
  return type === 'BUTTONS' && buttons.every((button) => fixed(button));
}

function fixed({ type, url = '' }: { type: string; url?: string | undefined }): boolean {
  return ['QUICK_REPLY', 'PHONE_NUMBER', 'REQUEST_CONTACT_INFO'].includes(type) || (type === 'URL' && !url.includes('{{'));
}

function fieldsOf(part: 'header' | 'body', text: string): Template['fields'] {
  const names = new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name));
  return [...names].map((name) => ({ id: `${part}-${name}`, in: part, name }));
}

/** What is sent of a filled template, besides its name. */
export function componentsOf({ named, values }: FilledTemplate): Record<string, unknown>[] {
  return (['header', 'body'] as const).flatMap((part) => {
    const parameters = values
      .filter((value) => value.in === part)
      .map(({ name, value }) => ({ type: 'text', ...(named ? { parameter_name: name } : {}), text: value }));
    return parameters.length > 0 ? [{ type: part, parameters }] : [];
  });
}
