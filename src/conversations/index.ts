/** What was said. Everything that comes from a customer enters by `receiveEvents`, everything that goes to one by a reply. */
export { receiveEvents, type FilesByReference, type Received } from './receive-events.ts';
export { NoChannel } from './open-channel.ts';
export { changed as markChanged } from './mark-delivery.ts';
export { storeEvent } from './store-message.ts';
export { conversationById, NoConversation, touch, type Conversation } from './conversation.ts';
export {
  goOnAsBot,
  replyAsBot,
  sayAsBusiness,
  keepWhatWasShown,
  markFetched,
  AI_NOTICE_VERSION,
  type BotReply,
  type Replied,
} from './reply.ts';
export { addNote, sayAsPerson } from './say-as-person.ts';
export { keepDraft } from './writing/keep-draft.ts';
export { languageRead, languageWritten, lastWordsOf } from './writing/languages.ts';
export { isTranslated, keepTranslation } from './writing/translations.ts';
export { keepSummary, saidIn, summaryOf, wantsSummary, type Said } from './writing/summaries.ts';
export { importCannedReplies } from './writing/save-canned-reply.ts';
export { deliverMessages, deliveryParked } from './deliver-messages.ts';
export { settleDelivery } from './settle-delivery.ts';
export { takeOver } from './take-over.ts';
export { answeredThrough, handBack, waitsForAnswer } from './hand-back.ts';
export { resolveConversation, reopenConversation, markRead } from './resolve.ts';
export { wantPerson, handToPerson, noLongerWanted } from './want-person.ts';
export { timeWindow, windowClosed } from './time-window.ts';
export { waitingTimesOf } from './waiting/waiting-times.ts';
export { answersAgain, noteNobodyCame } from './waiting/nobody-came.ts';
export { afterHours, awayNow } from './hours/hours.ts';
export { hoursForModel } from './hours/hours-for-model.ts';
export { askRating, mayAskRating } from './rating/ask-rating.ts';
export { commentOf, dropComment } from './rating/receive-rating.ts';
export { takeAwaySentence } from './hours/away.ts';
export { SilenceWatch } from './waiting/silence-watch.ts';
export { beat } from './outages/heartbeat.ts';
export { markWrong, rateAnswer, type Rating } from './rate-answer.ts';
export { addLabel, type Hue } from './list/labels.ts';
export { changeMany } from './list/change.ts';
export { saveView } from './list/saved-views.ts';
export { wakeSnoozed } from './list/snooze.ts';
export { releaseHeld } from './release-held.ts';
export { forgetSeen } from './forget-seen.ts';
export { fetchProfile } from './fetch-profile.ts';
export { attachmentFetcher, wantForgottenFiles } from './attachments/fetch-attachment.ts';
export { forgetAttachments, sweepAttachments } from './attachments/drop-attachments.ts';
export {
  attachmentText,
  conversationOfAttachment,
  keepText,
  READ_ATTACHMENT,
  wantText,
  type AttachmentText,
} from './attachments/attachment-text.ts';
export { attachmentById } from './attachments/attachment.ts';
export { isAttachmentOf, openAttachment, sealedAttachment } from './attachments/open-attachment.ts';
export { dropUnused, FileRefused, FILES_AT_ONCE, receiveSaid } from './attachments/receive-said.ts';
export { keepFile, NotKept } from './attachments/keep-file.ts';
export { shownAs, type Shown } from './attachments/attachment-type.ts';
export { joinVisitor } from './join-visitor.ts';
export { answerRight, rightAskedOf, rightsAnswer, type RightAsked } from './rights/take-right.ts';
export { rememberAsSeen } from './receive-message.ts';
export { indexMessages } from './index-messages.ts';
export { channelIcon, customerName } from './inbox-view.ts';
export * from './inbox.queries.ts';
export * from './visitor.queries.ts';
