/** The door of the knowledge room. */
export { addFile, LARGEST_FILE, replaceFile, type NewFile } from './add-file.ts';
export { addQuestion, addQuestions, type NewQuestions, type Pair } from './add-questions.ts';
export { addText, type NewText } from './add-text.ts';
export { editQuestion, removeQuestion } from './edit-question.ts';
export { editText } from './edit-text.ts';
export { closeReading, readSource } from './read-source.ts';
export { NoFiles, receiveFiles, type Received } from './receive-files.ts';
export { clearSource, removeSource } from './remove-source.ts';
export { renameSource } from './rename-source.ts';
export { rereadSource } from './reread-source.ts';
export { searchWords } from './search-words.ts';
export type { Passage } from './search/passage.ts';
export { closeSearch, FITS, releaseSearch, search, warmSearch, type Query } from './search/search.ts';
export { TooLarge } from './sealed-file.ts';
export { NoSource, type Source, type SourceKind, type SourceState } from './source.ts';
export { sweepFiles } from './sweep-files.ts';
export { switchChunk, switchSource } from './switch-source.ts';
