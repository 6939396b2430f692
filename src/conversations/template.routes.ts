/** The way out when a channel takes no free words any more: a text that it approved, chosen, filled in, looked at, sent. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { channelKinds, type Template } from '../channels/index.ts';
import { randomToken } from '../lib/ids.ts';
import { nothingHere } from '../web/errors.ts';
import { may } from '../web/guard.ts';
import { idParam, line, optionalLine, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { NoConversation } from './conversation.ts';
import { fillTemplate, templatesFor, textOfTemplate } from './fill-template.ts';
import { customerName } from './inbox-view.ts';
import { conversationHead } from './inbox.queries.ts';
import { sayAsPerson } from './say-as-person.ts';

const VALUE_AT_MOST = 500;

const chosen = z.object({ name: z.string().max(600).catch(''), language: z.string().max(20).catch('') });

export function templateRoutes(): Router {
  const router = Router({ mergeParams: true });
  const answer = may('conversation.answer');
  router.get('/w/:workspace/conversations/:id/template', answer, (req, res) => show(req, res));
  router.post('/w/:workspace/conversations/:id/template', answer, send);
  return router;
}

interface Typed {
  values?: Record<string, string>;
  errors?: Record<string, string>;
  draft?: string;
}

async function offered(
  req: Request,
  res: Response,
): Promise<{ templates: Template[]; says: string | null; template: Template | undefined }> {
  const { name, language } = chosen.parse(req.query);
  const kind = conversationHead(here(res).workspace, idParam(req, 'id'))?.channelKind ?? '';
  if (!channelKinds[kind]?.templates) throw nothingHere();
  try {
    const { templates, says } = await templatesFor(here(res).workspace, idParam(req, 'id'));
    return { templates, says, template: templates.find((one) => one.name === name && one.language === language) };
  } catch (error) {
    if (error instanceof NoConversation) throw nothingHere();
    throw error;
  }
}

async function show(req: Request, res: Response, typed: Typed = {}): Promise<void> {
  const { workspace } = here(res);
  const id = idParam(req, 'id');
  const head = conversationHead(workspace, id);
  if (!head) throw nothingHere();
  const { templates, says, template } = await offered(req, res);
  const { values = {}, errors = {}, draft = randomToken() } = typed;
  const path = `/w/${workspace.id}/conversations/${id}`;
  render(res, 'inbox/template', {
    path,
    customer: customerName(head),
    channelName: head.channelName,
    channelId: head.channelId,
    says,
    templates: templates.map((one) => ({
      title: titleOf(one),
      text: textOfTemplate(one, {}),
      href: `${path}/template?${new URLSearchParams({ name: one.name, language: one.language })}`,
      current: one === template,
    })),
    template: template && {
      title: titleOf(template),
      action: `${path}/template?${new URLSearchParams({ name: template.name, language: template.language })}`,
      preview: textOfTemplate(template, values),
      fields: template.fields.map((field) => ({
        ...labelled(field),
        name: field.id,
        value: values[field.id] ?? '',
        error: errors[field.id],
      })),
      draft,
    },
  });
}

const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

/** "order ready, German": as people read it, not as Meta writes it. */
function titleOf({ name, language }: Template): string {
  const tag = language.replaceAll('_', '-');
  return `${name.replaceAll('_', ' ')}, ${/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/.test(tag) ? languages.of(tag) : language}`;
}

function labelled({ in: part, name }: Template['fields'][number]): { label: string } {
  const shown = /^\d+$/.test(name) ? `Placeholder ${name}` : name.replaceAll('_', ' ');
  return { label: part === 'header' ? `${shown}, in the heading` : shown };
}

/** Shows what it reads as, or sends it. */
async function send(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const { template } = await offered(req, res);
  if (!template) return show(req, res);
  const fields = template.fields.map(({ id }) => id);
  const about = { act: z.enum(['preview', 'send']), draft: z.string().max(100) };
  const looked = parseForm(
    req,
    z.strictObject({ ...about, ...Object.fromEntries(fields.map((id) => [id, optionalLine('This', VALUE_AT_MOST)])) }),
  );
  const typed = typedIn(looked.ok ? looked.values : looked.typed, fields);
  if (!looked.ok) return wrong(req, res, { ...typed, errors: looked.errors });
  if (looked.values['act'] === 'preview') return show(req, res, typed);
  const read = parseForm(req, z.strictObject({ ...about, ...Object.fromEntries(fields.map((id) => [id, line('This', VALUE_AT_MOST)])) }));
  if (!read.ok) return wrong(req, res, { ...typed, errors: read.errors });
  const { values, draft } = typed;
  sayAsPerson(workspace, {
    conversationId: idParam(req, 'id'),
    userId: user.id,
    text: textOfTemplate(template, values),
    draftId: draft,
    template: fillTemplate(template, values),
  });
  seeOther(req, res, `/w/${workspace.id}/conversations/${idParam(req, 'id')}`);
}

function typedIn(form: Record<string, unknown>, fields: string[]): { values: Record<string, string>; draft: string } {
  const words = (name: string): string => (typeof form[name] === 'string' ? form[name] : '');
  return { values: Object.fromEntries(fields.map((id) => [id, words(id)])), draft: words('draft') };
}

function wrong(req: Request, res: Response, typed: Typed): Promise<void> {
  res.status(422);
  return show(req, res, typed);
}
