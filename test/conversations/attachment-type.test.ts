import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shownAs, typeOf } from '../../src/conversations/attachments/attachment-type.ts';
import { ogg, pdf, png, wav } from '../support/files.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('what a file is', () => {
  const files: [name: string, content: Buffer, mime: string, shown: string][] = [
    ['a PNG', png(), 'image/png', 'image'],
    ['a JPEG', bytes('\xff\xd8\xff\xe0\0\x10JFIF'), 'image/jpeg', 'image'],
    ['a GIF that is a script, too', bytes('GIF89a/*\0\0\0*/=1;alert(1)'), 'image/gif', 'image'],
    ['a WebP', bytes('RIFF\x24\0\0\0WEBPVP8 '), 'image/webp', 'image'],
    ['a wave file', wav(), 'audio/wav', 'audio'],
    ['a voice note', ogg(), 'audio/ogg', 'audio'],
    ['an MP3', bytes('ID3\x04\0\0\0\0\0\0'), 'audio/mpeg', 'audio'],
    ['a film', bytes('\0\0\0\x20ftypisom\0\0\x02\0'), 'video/mp4', 'video'],
    ['a recording of a phone', bytes('\0\0\0\x20ftypM4A \0\0\0\0'), 'audio/mp4', 'audio'],
    ['a PDF', pdf(), 'application/pdf', 'file'],
    ['a page', bytes('<!doctype html><script>alert(1)</script>'), 'text/plain', 'file'],
    ['a drawing that holds a script', bytes('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), 'text/plain', 'file'],
    ['a page behind a picture’s name in words', bytes('PNG\r\n<html>'), 'text/plain', 'file'],
    ['a program', bytes('MZ\x90\0\x03'), 'application/x-executable', 'file'],
    ['a script for a shell', bytes('#!/bin/sh\nrm -rf /'), 'application/x-executable', 'file'],
    ['an archive', bytes('PK\x03\x04\x14\0'), 'application/zip', 'file'],
    ['a RIFF of another kind', bytes('RIFF\x24\0\0\0AVI LIST'), 'application/octet-stream', 'file'],
    ['noise', bytes('\0\x01\x02\x03'), 'application/octet-stream', 'file'],
    ['nothing', bytes(''), 'application/octet-stream', 'file'],
  ];
  for (const [name, content, mime, shown] of files) {
    it(`is told by its content: ${name}`, () => {
      assert.deepEqual([typeOf(content), shownAs(typeOf(content))], [mime, shown]);
    });
  }

  it('is never shown by a type that a stranger could make up', () => {
    for (const mime of ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', 'constructor', '__proto__', null])
      assert.equal(shownAs(mime), 'file');
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (content) => typeof typeOf(content) === 'string'));
  });
});
