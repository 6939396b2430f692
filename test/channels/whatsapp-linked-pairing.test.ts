import assert from 'node:assert/strict';
import { askForCode } from '../../src/channels/link-view.ts';
import { linkStep } from '../../src/channels/device-store.ts';
import { addChannel, disconnectChannel, pauseChannel, resumeChannel } from '../../src/channels/index.ts';
import { OnWhatsappLinked } from './on-whatsapp-linked.ts';

describe('linking a phone with WhatsApp', () => {
  let aurora: OnWhatsappLinked;
  beforeEach(async () => void (aurora = await OnWhatsappLinked.open()));
  afterEach(() => aurora.end());

  const stepKind = () => linkStep(aurora.ws, aurora.channelId)?.kind ?? null;
  const codeShown = () =>
    aurora.until(() => {
      const step = linkStep(aurora.ws, aurora.channelId);
      return step?.kind === 'code' ? step : null;
    });

  it('shows a picture, and is open once the phone has read it', async () => {
    assert.equal(aurora.row().status, 'connecting');
    aurora.listen();
    const step = await aurora.until(() => linkStep(aurora.ws, aurora.channelId));
    assert.equal(step.kind, 'picture');
    assert.match(step.kind === 'picture' ? step.text : '', /^https:\/\/wa\.me\/settings\/linked_devices#2@ref-0,/);
    assert.equal(aurora.row().status, 'connecting', 'a picture is no connection');
    await aurora.scan();
    const row = await aurora.untilRow(({ status, accountId }) => status === 'connected' && accountId !== null);
    assert.deepEqual([row.name, row.accountId, row.says], ['+4915123456789', '4915123456789', null]);
    await aurora.until(() => (stepKind() === null ? true : null));
    assert.equal(aurora.far.deviceName, 'Deskbell', 'the phone’s list of devices names us');
  });

  it('is linked by a code that is typed on the phone, and then shows no more pictures', async () => {
    aurora.listen();
    await aurora.until(() => (stepKind() === 'picture' ? true : null));
    await askForCode(aurora.ws, { channelId: aurora.channelId, phone: '+49 (151) 234-56789' });
    const { code, phone } = await codeShown();
    assert.match(code, /^[0-9A-Z]{8}$/);
    assert.equal(phone, '4915123456789');
    await aurora.far.typeCode(code);
    await aurora.untilRow(({ status, accountId }) => status === 'connected' && accountId === '4915123456789');
  });

  it('says what is wrong with a number, and that no phone is waited for', async () => {
    const ask = (phone: string) => askForCode(aurora.ws, { channelId: aurora.channelId, phone });
    await assert.rejects(ask('0151 234'), { status: 422, field: 'phone' });
    await assert.rejects(ask('+4915123456789'), { status: 422, field: 'phone', message: /No phone is waited for/ });
  });

  it('a code that nobody typed leaves nothing behind: the next start begins anew', async () => {
    aurora.listen();
    await aurora.until(() => (stepKind() === 'picture' ? true : null));
    await askForCode(aurora.ws, { channelId: aurora.channelId, phone: '+4915123456789' });
    await codeShown();
    await aurora.restart();
    await aurora.link();
    assert.equal(aurora.far.logins, 1);
  });

  it('logs in with the same keys after a restart, without a picture', async () => {
    await aurora.link();
    await aurora.restart();
    aurora.listen();
    await aurora.far.until(() => aurora.far.logins === 2);
    await aurora.untilRow(({ status }) => status === 'connected');
    assert.equal(stepKind(), null);
  });

  it('[P4.2-d] what the phone is known by lies sealed in the workspace’s database, each value for its own row', async () => {
    await aurora.link();
    const rows = aurora.ws.prepare('SELECT id, kind, name, value_sealed AS sealed FROM device_values').all() as {
      id: number;
      kind: string;
      name: Buffer;
      sealed: Buffer;
    }[];
    assert.ok(rows.some(({ kind }) => kind === 'creds') && rows.some(({ kind }) => kind === 'pre-key'), 'credentials and keys are there');
    for (const { name, sealed } of rows) {
      assert.doesNotMatch(sealed.toString('latin1'), /noiseKey|private|4915123456789/);
      assert.equal(name.length, 32);
    }
    const [one, other] = rows.filter(({ kind }) => kind === 'pre-key');
    aurora.ws.prepare('UPDATE device_values SET value_sealed = ? WHERE id = ?').run(other?.sealed, one?.id);
    const { device } = aurora.opened().access;
    assert.throws(() => device?.all('pre-key'), /SealError|sealed|open/i);
  });

  it('a phone that another channel holds already is let go of, and its keys are forgotten', async () => {
    await aurora.link();
    await aurora.listening?.stop();
    const first = aurora.channelId;
    const { id } = await addChannel(aurora.ws, { kind: 'whatsapp-linked', settings: {}, botId: null, userId: null });
    pauseChannel(aurora.ws, { channelId: first, userId: 1 });
    aurora.channelId = id;
    aurora.listen();
    await aurora.scan();
    const row = await aurora.untilRow(({ status }) => status === 'broken');
    assert.match(row.says ?? '', /already connected to Deskbell/);
    assert.equal(aurora.ws.prepare('SELECT count(*) FROM device_values WHERE channel_id = ?').pluck().get(id), 0);
    assert.equal(aurora.far.device, null, 'the phone’s list names it no more');
  });

  it('disconnected, it leaves the phone’s list of devices, and nothing of it is kept', async () => {
    await aurora.link();
    assert.ok(aurora.count('device_values') > 0);
    await disconnectChannel(aurora.ws, { channelId: aurora.channelId, userId: 1 });
    assert.equal(aurora.far.device, null);
    assert.equal(aurora.count('device_values'), 0);
    assert.equal(aurora.row().status, 'disconnected');
    await aurora.far.until(() => !aurora.far.online);
    assert.equal(aurora.count('device_values'), 0, 'its last words come too late');
  });

  it('paused, it is let go of; resumed, it logs in again', async () => {
    await aurora.link();
    pauseChannel(aurora.ws, { channelId: aurora.channelId, userId: 1 });
    await aurora.far.until(() => !aurora.far.online);
    await aurora.far.say(aurora.ayse, 'Anybody there?');
    await resumeChannel(aurora.ws, { channelId: aurora.channelId, userId: 1 });
    await aurora.far.until(() => aurora.far.online && aurora.far.waiting === 0);
    assert.deepEqual(aurora.texts(), ['Anybody there?']);
  });

  it('one account has one connection, whoever else tries to listen to it', async () => {
    await aurora.link();
    const { kind, access } = aurora.opened();
    await assert.rejects(async () => kind.listen?.(access, async () => undefined), /somebody listens/);
    for (let n = 0; n < 5; n++) aurora.listening?.begin(aurora.ws);
    aurora.far.cut();
    await aurora.far.until(() => aurora.far.logins === 2);
    assert.equal(aurora.far.mostAtOnce, 1);
  });
});
