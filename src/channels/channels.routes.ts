/** The pages of the channels: what is connected, how it is, and connecting another. */
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { nothingHere, Problem } from '../web/errors.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { fragmentText, render } from '../web/render.ts';
import { sse } from '../web/sse.ts';
import { addChannel } from './add-channel.ts';
import { fieldsOf, formOf } from './channel-form.ts';
import { embedOf, lineOfChannel, quietChoices, webhookOf } from './channel-page.ts';
import type { Channel } from './channel.ts';
import { answerers, firstSettings, lineOfChannels, listChannels, showChannel } from './channels.queries.ts';
import { disconnectChannel } from './disconnect-channel.ts';
import { editChannelSettings, setAnswering } from './edit-channel.ts';
import { channelKinds } from './kinds.ts';
import { askForCode, linkView } from './link-view.ts';
import { looks } from './looks.ts';
import { pauseChannel } from './pause-channel.ts';
import { resumeChannel } from './resume-channel.ts';
import { secretFields } from './settings.ts';

const answersForm = z.strictObject({ botId: z.string(), quietMs: z.string() });
const codeForm = z.strictObject({ phone: z.string().max(40) });
const emptyForm = z.strictObject({});

export function channelRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('channel.edit');
  router.get('/w/:workspace/channels', may('channel.read'), showList);
  router.get('/w/:workspace/channels/new/:kind', edit, (req, res) => showConnect(res, kindIn(req)));
  router.post('/w/:workspace/channels/new/:kind', edit, connect);
  router.get('/w/:workspace/channels/:id', edit, (req, res) => showOne(res, idParam(req, 'id')));
  router.get('/w/:workspace/channels/:id/live', may('channel.read'), stream);
  router.post('/w/:workspace/channels/:id/settings', edit, saveSettings);
  router.post('/w/:workspace/channels/:id/answers', edit, saveAnswers);
  router.post('/w/:workspace/channels/:id/pause', edit, pause);
  router.post('/w/:workspace/channels/:id/resume', edit, resume);
  router.post('/w/:workspace/channels/:id/link-code', edit, linkCode);
  router.post('/w/:workspace/channels/:id/disconnect', edit, disconnect);
  return router;
}

interface Typed {
  values?: Record<string, unknown>;
  /** The number typed to get a code for it. */
  phone?: string;
  errors?: Record<string, string>;
}

function kindIn(req: Request): Channel {
  const name = String(req.params['kind']);
  const kind = Object.hasOwn(channelKinds, name) ? channelKinds[name] : undefined;
  if (!kind) throw nothingHere();
  return kind;
}

function pathOf(res: Response, channelId?: number): string {
  const base = `/w/${here(res).workspace.id}/channels`;
  return channelId === undefined ? base : `${base}/${channelId}`;
}

/** What a form got wrong, to be shown at its field or, without one, above it. Anything else goes on to the error page. */
function wrongOf(error: unknown): Record<string, string> {
  if (!(error instanceof Problem) || (error.status !== 422 && error.status !== 409)) throw error;
  return { [error.field ?? 'form']: error.says };
}

function showList(_req: Request, res: Response): void {
  const channels = listChannels(here(res).workspace);
  const offers = Object.keys(channelKinds).map((kind) => ({ kind, ...looks[kind] }));
  render(res, 'channels/list', {
    ...lineOfChannels(channels),
    any: channels.length > 0,
    troubled: channels.filter(({ says }) => says !== null),
    calm: channels.filter(({ says }) => says === null),
    offers,
  });
}

function showConnect(res: Response, kind: Channel, { values, errors = {} }: Typed = {}): void {
  const { workspace } = here(res);
  const bots = answerers(workspace);
  render(res, 'channels/connect', {
    kind: kind.kind,
    look: looks[kind.kind],
    fields: fieldsOf(kind, 'connect', values ?? firstSettings(workspace, kind.kind), errors),
    bots,
    botId: values?.['botId'] ?? bots[0]?.value,
    errors,
  });
}

async function connect(req: Request, res: Response): Promise<void> {
  const kind = kindIn(req);
  const { workspace, user } = here(res);
  const form = parseForm(req, formOf(kind, 'connect').extend({ botId: z.string() }), [...secretFields(kind)]);
  if (!form.ok) return wrongConnect(res, kind, { values: form.typed, errors: form.errors });
  const { botId, ...settings } = form.values;
  try {
    const { id, name } = await addChannel(workspace, { kind: kind.kind, settings, botId: botOf(String(botId)), userId: user.id });
    flash(res, kind.isDevice ? 'It’s there. Now link the phone.' : `${name} is connected.`);
    seeOther(req, res, pathOf(res, id));
  } catch (error) {
    wrongConnect(res, kind, { values: form.values, errors: wrongOf(error) });
  }
}

function wrongConnect(res: Response, kind: Channel, typed: Typed): void {
  res.status(422);
  showConnect(res, kind, typed);
}

/** A bot's id out of a form; null: people alone. What is no id fits no bot, and is refused as such. */
function botOf(typed: string): number | null {
  return typed === '' ? null : Number(typed);
}

function showOne(res: Response, channelId: number, { values, phone = '', errors = {} }: Typed = {}): void {
  const { workspace, installation } = here(res);
  const channel = showChannel(workspace, channelId);
  const kind = channel && channelKinds[channel.kind];
  if (!kind) throw nothingHere();
  render(res, 'channels/channel', {
    channel,
    base: pathOf(res, channelId),
    line: lineOfChannel(channel),
    device: kind.isDevice === true,
    link: linkView(workspace, channel),
    phone,
    fields: fieldsOf(kind, 'edit', values ?? channel.settings, errors),
    errors,
    bots: answerers(workspace),
    botId: String(channel.botId ?? ''),
    quiet: quietChoices(kind),
    quietMs: String(channel.quietMs ?? ''),
    webhook: kind.accounts ? webhookOf(installation, workspace, channel.publicId) : null,
    embed: kind.fromStore ? embedOf(installation.settings.baseUrl, channel) : null,
  });
}

/** How a channel is, as it changes: the check that turns green when a page shows the bubble for the first time. */
function stream(req: Request, res: Response): void {
  const { workspace } = here(res);
  const channelId = idParam(req, 'id');
  if (!showChannel(workspace, channelId)) throw nothingHere();
  const live = sse(req, res);
  const tell = () => {
    const channel = showChannel(workspace, channelId);
    if (!channel) return;
    const device = channelKinds[channel.kind]?.isDevice === true;
    live.send({ data: fragmentText(res, 'channels/_changed', { channel, device, link: linkView(workspace, channel) }) });
  };
  live.onClose(
    workspace.bus.subscribe('all', (event) => {
      if (event.type === 'channel' && event.channelId === channelId) live.guard(tell);
    }),
  );
  tell();
}

async function saveSettings(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const channelId = idParam(req, 'id');
  const kind = channelKinds[showChannel(workspace, channelId)?.kind ?? ''];
  if (!kind) throw nothingHere();
  const form = parseForm(req, formOf(kind, 'edit'), [...secretFields(kind)]);
  if (!form.ok) return wrongOne(res, channelId, { values: form.typed, errors: form.errors });
  try {
    await editChannelSettings(workspace, { channelId, settings: form.values, userId: user.id });
    flash(res, 'The settings are saved.');
    seeOther(req, res, pathOf(res, channelId));
  } catch (error) {
    wrongOne(res, channelId, { values: form.values, errors: wrongOf(error) });
  }
}

function wrongOne(res: Response, channelId: number, typed: Typed): void {
  res.status(422);
  showOne(res, channelId, typed);
}

/** Does one thing to a channel and shows its page again, with what was done or what was wrong. */
async function act(
  req: Request,
  res: Response,
  does: (channelId: number) => Promise<void> | void,
  says: string,
  more: { undo?: string } = {},
): Promise<void> {
  const channelId = idParam(req, 'id');
  try {
    await does(channelId);
    flash(res, says, more);
    seeOther(req, res, pathOf(res, channelId));
  } catch (error) {
    wrongOne(res, channelId, { errors: wrongOf(error) });
  }
}

const saveAnswers: RequestHandler = (req, res) => {
  const { workspace, user } = here(res);
  const form = parseForm(req, answersForm);
  if (!form.ok) throw new Problem(400, 'Choose who answers, and when.');
  const { botId, quietMs } = form.values;
  const answering = { botId: botOf(botId), quietMs: quietMs === '' ? null : Number(quietMs), userId: user.id };
  return act(req, res, (channelId) => setAnswering(workspace, { channelId, ...answering }), 'Saved. It holds from the next message on.');
};

const pause: RequestHandler = (req, res) => {
  parseForm(req, emptyForm);
  const { workspace, user } = here(res);
  const undo = `${pathOf(res, idParam(req, 'id'))}/resume`;
  return act(req, res, (channelId) => pauseChannel(workspace, { channelId, userId: user.id }), 'Paused.', { undo });
};

const resume: RequestHandler = (req, res) => {
  parseForm(req, emptyForm);
  const { workspace, user } = here(res);
  return act(
    req,
    res,
    (channelId) => resumeChannel(workspace, { channelId, userId: user.id }),
    'Resumed. What came meanwhile comes in now.',
  );
};

const linkCode: RequestHandler = async (req, res) => {
  const form = parseForm(req, codeForm);
  if (!form.ok) throw new Problem(400, 'Enter the number of the phone.');
  const { phone } = form.values;
  const channelId = idParam(req, 'id');
  try {
    await askForCode(here(res).workspace, { channelId, phone });
    seeOther(req, res, pathOf(res, channelId));
  } catch (error) {
    wrongOne(res, channelId, { phone, errors: wrongOf(error) });
  }
};

const disconnect: RequestHandler = async (req, res) => {
  parseForm(req, emptyForm);
  const { workspace, user } = here(res);
  await disconnectChannel(workspace, { channelId: idParam(req, 'id'), userId: user.id });
  flash(res, 'Disconnected. Its conversations stay in the inbox.');
  seeOther(req, res, pathOf(res));
};
