import { channelAccess, DeliveryError, type FilledTemplate, type Template } from '../channels/index.ts';
import type { Workspace } from '../workspace.ts';
import { conversationFor } from './conversation.ts';

const PATIENCE_MS = 20_000;

/** The templates that may be sent in a conversation, or in plain words why there are none. Throws NoConversation. */
export async function templatesFor(ws: Workspace, conversationId: number): Promise<{ templates: Template[]; says: string | null }> {
  const { channelId } = conversationFor(ws, conversationId);
  try {
    const { kind, access } = channelAccess(ws, channelId, AbortSignal.timeout(PATIENCE_MS));
    return { templates: (await kind.templates?.(access)) ?? [], says: null };
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    return { templates: [], says: error.says };
  }
}

/** `values` by the fields' ids. */
export function fillTemplate({ name, language, named, fields }: Template, values: Record<string, string>): FilledTemplate {
  return { name, language, named, values: fields.map((field) => ({ in: field.in, name: field.name, value: values[field.id] ?? '' })) };
}

/** What the customer reads; what isn't filled in yet stands as its placeholder. */
export function textOfTemplate({ header, body, footer, fields }: Template, values: Record<string, string>): string {
  const filled = (part: 'header' | 'body', text: string): string =>
    text.replace(/\{\{\s*(\w+)\s*\}\}/g, (placeholder, name: string) => {
      const id = fields.find((field) => field.in === part && field.name === name)?.id;
      return (id === undefined ? undefined : values[id]) || placeholder;
    });
  return [filled('header', header), filled('body', body), footer].filter((text) => text !== '').join('\n\n');
}
