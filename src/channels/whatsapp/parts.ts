/** What a message of WhatsApp consists of. */
import type { InPart } from '../channel.ts';
import type { Content } from './shapes.ts';

/** Its parts; what can't be read is one part that says so, so that a person sees that something came. */
export function partsOf(said: Content): InPart[] {
  return textPart(said) ?? filePart(said) ?? placePart(said) ?? contactParts(said) ?? orderPart(said) ?? [unreadable(said)];
}

function textPart({ type, text, button, interactive }: Content): InPart[] | null {
  if (type === 'text' && text) return [{ kind: 'text', text: text.body }];
  if (type === 'button' && button) return [{ kind: 'text', text: button.text }];
  if (type !== 'interactive' || !interactive) return null;
  const { button_reply: pressed, list_reply: chosen } = interactive;
  if (pressed) return [{ kind: 'text', text: pressed.title, ...choiceOf(pressed) }];
  if (chosen) return [{ kind: 'text', text: [chosen.title, chosen.description].filter(Boolean).join('\n'), ...choiceOf(chosen) }];
  return null;
}

function choiceOf({ id }: { id?: string | undefined }): Pick<InPart, 'detail'> {
  return id ? { detail: { choice: id } } : {};
}

const FILES = { image: 'image', video: 'video', document: 'file', audio: 'audio', sticker: 'sticker' } as const;

function filePart(said: Content): InPart[] | null {
  if (!isFile(said.type)) return null;
  const file = said[said.type];
  if (!file) return null;
  const part: InPart = {
    kind: FILES[said.type],
    file: {
      reference: file.id,
      ...(file.filename ? { name: file.filename } : {}),
      ...(file.mime_type ? { mime: file.mime_type } : {}),
    },
  };
  if (file.caption) part.text = file.caption;
  if (file.voice === true) part.detail = { voice: true };
  return [part];
}

function isFile(type: string): type is keyof typeof FILES {
  return Object.hasOwn(FILES, type);
}

function placePart({ type, location }: Content): InPart[] | null {
  if (type !== 'location' || !location) return null;
  const { latitude, longitude, name, address } = location;
  const text = [name, address].filter(Boolean).join(', ');
  return [{ kind: 'location', detail: { latitude, longitude }, ...(text ? { text } : {}) }];
}

function contactParts({ type, contacts }: Content): InPart[] | null {
  if (type !== 'contacts' || !contacts || contacts.length === 0) return null;
  return contacts.map(({ name, phones = [] }) => {
    const phone = phones.flatMap((each) => each.phone ?? each.wa_id ?? [])[0] ?? '';
    const shown = name?.formatted_name ?? '';
    return { kind: 'contact', text: [shown, phone].filter(Boolean).join(', '), detail: { name: shown, phone } };
  });
}

function orderPart({ type, order }: Content): InPart[] | null {
  if (type !== 'order' || !order) return null;
  const lines = order.product_items.map(({ product_retailer_id, quantity = 1, item_price, currency = '' }) => {
    const price = item_price === undefined ? '' : `, ${item_price} ${currency}`.trimEnd();
    return `${quantity} × ${product_retailer_id}${price}`;
  });
  return [{ kind: 'order', text: [order.text, ...lines].filter(Boolean).join('\n') }];
}

function unreadable({ type }: Content): InPart {
  return { kind: 'unknown', detail: { type: type.slice(0, 50) } };
}
