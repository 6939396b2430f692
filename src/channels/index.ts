/** The door of the room: what channels there are, what is connected, and how each is spoken to. */
export * from './channel.ts';
export { channelAccess, writeState, type ChannelRow } from './access.ts';
export { addChannel, type NewChannel } from './add-channel.ts';
export { embedOf } from './channel-page.ts';
export { listChannels, openWays, type ShownChannel } from './channels.queries.ts';
export { checkAccess } from './check-access.ts';
export { disconnectChannel } from './disconnect-channel.ts';
export { editChannelSettings, setAnswering } from './edit-channel.ts';
export { noteChannelTrouble, noteHeard, noteSent, setHealth } from './health.ts';
export { apiRootOf, channelKinds, fileRootOf } from './kinds.ts';
export { identitySecretOf, makeIdentitySecret } from './make-identity-secret.ts';
export {
  isChatLink,
  joinChat,
  leaveChat,
  makeChatLink,
  memberChatById,
  memberChatIn,
  memberChatsOf,
  noteChat,
  noteChatTold,
  setChatWords,
  SHUT_OUT,
  type MemberChat,
} from './member-chats.ts';
export { noteOutage, OUTAGE_MS } from './note-outage.ts';
export { startListening, type Listening, type OnEvents } from './listen.ts';
export { quotedMessage } from './said.queries.ts';
export { pauseChannel } from './pause-channel.ts';
export { findByPublicId, rebuildRoutes, type Route } from './public-ids.ts';
export { resumeChannel } from './resume-channel.ts';
export { widgetSettings, type WidgetSettings } from './widget/settings.ts';
