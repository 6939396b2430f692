/** Every text a customer sees, in English. The other languages have the same keys; `{name}` and the like are filled in. */
export const en = {
  // The bubble and its panel
  chat: 'Chat',
  unread: 'new message',
  close: 'Close the chat',
  title: 'Chat with {name}',
  assistant: 'AI assistant, answers at once',
  team: '{name} is here',
  waiting: 'A person has been asked to come',
  notice: 'You’re writing with an AI. It can be wrong, and a person is one tap away.',
  noticeLink: 'How your words are used',
  greeting: 'Hello. What can I do for you?',
  starters: 'Suggested questions',
  log: 'Conversation',
  you: 'You',
  ai: 'Assistant',
  message: 'Your message',
  placeholder: 'Write a message',
  send: 'Send',
  stop: 'Stop the answer',
  stopped: 'Stopped here',
  writing: 'Writing an answer',
  from: 'From {sources}',
  good: 'This helped',
  bad: 'This didn’t help',
  person: 'Talk to a person',
  privacy: 'Privacy',

  // What happens in a conversation
  personAsked: 'A person has been asked to join. You can go on writing meanwhile.',
  joined: '{name} has joined.',
  someoneJoined: 'A person has joined.',
  left: 'The assistant answers again.',
  closed: 'This conversation is closed. Write again to begin a new one.',

  // What goes wrong in the panel
  offline: 'You’re offline. What you write is kept and sent once the connection is back.',
  unreachable: 'The chat can’t be reached just now. It tries again by itself.',
  unsent: 'Not sent yet',
  retry: 'Send again',
  remove: 'Remove',
  tooLong: 'A message can have up to 4,000 characters. Send it in two parts.',
  empty: 'There is nothing to send yet. Write a few words.',
  tooMany: 'That was a lot at once. Wait a moment, then send it again.',
  wrongPage: 'This chat isn’t switched on for this website.',
  gone: 'This chat is closed for now.',
  later: 'Come back later: what you have written here is kept.',
  otherWays: 'Other ways to reach {name}: {ways}',
  ended: 'Your earlier conversation has ended on this device. Your next message begins a new one.',

  // What the business says by itself, on every channel
  chatNotice: 'You’re writing with an AI. It can be wrong. Write “person” at any time to reach a person.',
  fallback: 'I can’t answer that well, so I’ve asked a person to look at it.',
  personCalled: 'I’ve asked a person to join. They will answer here.',
  myPleasure: 'My pleasure. Write again whenever you like.',
  whatAsked: 'What would you like to know?',

  // How your words are used: the page behind that link
  usedStored: 'What you write here is kept on the server at {host}, which {name} uses to answer you and to come back to what was said.',
  usedAi: 'An AI writes the answers. For that, your messages and what {name} has written on the matter are sent to {provider}.',
  usedQuotes: 'The answers are taken word for word from what {name} has written. For that, nothing leaves the server.',
  usedPeople: 'People who work for {name} can read this conversation and answer in it.',
  usedBrowser:
    'Your browser keeps nothing until you write. With your first message it keeps a random code that leads back to this conversation. No cookie is set, and your internet address isn’t kept with what you write.',
  usedAsk: 'To see, correct or delete what is kept of you, say so in the chat.',
  needsScript: 'This chat needs JavaScript. Switch it on, then load the page again.',
};
