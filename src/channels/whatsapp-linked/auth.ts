/** What this device is known by, kept in the channel's own sealed store: its credentials, and Signal's keys and sessions. */
import type { DeviceChange, DeviceStore } from '../channel.ts';
import type { Baileys, Creds } from './baileys.ts';

type Keys = Parameters<Baileys['addTransactionCapability']>[0];

/** The account's own ids; `id` is '' before a phone has agreed. */
export interface Own {
  id: string;
  lid?: string;
}

export interface Auth {
  creds: Creds;
  readonly own: Own;
  /** A phone has linked this device. */
  linked: boolean;
  /** Each `set` is one flushed transaction, with what `more` adds to it. */
  keys: Keys;
  saveCreds(): void;
  /** The connection is over: what the library still has under way writes and reads nothing any more. */
  shut(): void;
}

const CREDS = { kind: 'creds', id: 'own' };

/**
 * Opens them, or makes new ones that no phone knows yet. `more` gives changes that belong into the same transaction as the
 * next change of keys.
 */
export function openAuth({ BufferJSON, initAuthCreds, proto }: Baileys, device: DeviceStore, more: () => DeviceChange[]): Auth {
  const revive = (text: string): unknown => JSON.parse(text, BufferJSON.reviver);
  const write = (value: unknown) => JSON.stringify(value, BufferJSON.replacer);
  const kept = device.get(CREDS.kind, [CREDS.id]).get(CREDS.id);
  const read = kept === undefined ? undefined : (revive(kept) as Creds);
  // A code that was asked for and never typed leaves a name without an account: the far side would refuse it for ever.
  const creds = read?.account ? read : initAuthCreds();

  let open = true;
  const mustBeOpen = () => {
    if (!open) throw new Error('the link has ended');
  };
  const keys: Keys = {
    get: async (type, ids) => {
      mustBeOpen();
      const found = [...device.get(type, ids)].map(([id, text]): [string, unknown] => {
        const value = revive(text);
        // Its numbers and bytes are looked into as a message of the protocol, not as plain JSON.
        return [id, type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(value as object) : value];
      });
      return Object.fromEntries(found) as Awaited<ReturnType<Keys['get']>> as never;
    },
    set: async (data) => {
      mustBeOpen();
      const changes = Object.entries(data).flatMap(([kind, values]) =>
        Object.entries(values ?? {}).map(([id, value]): DeviceChange => ({ kind, id, value: value ? write(value) : null })),
      );
      device.set([...changes, ...more()]);
    },
  };
  return {
    creds,
    get own() {
      const { id = '', lid } = creds.me ?? {};
      return { id, ...(lid ? { lid } : {}) };
    },
    linked: creds.account !== undefined,
    keys,
    saveCreds: () => (open ? device.set([{ ...CREDS, value: write(creds) }]) : undefined),
    shut: () => void (open = false),
  };
}
