/*! Deskbell's chat bubble, its sound. Free software, AGPL-3.0-only. */

const STRIKES = [
  [784, 0],
  [1047, 0.14],
];
const LOUD = 0.05;
const FADES_S = 0.7;

let context;

/** A small bell, struck twice, softly. Made here: a file would be one more thing that the page's CSP has to allow. */
export function play() {
  context ??= new AudioContext();
  void context.resume();
  for (const [pitch, after] of STRIKES) {
    const at = context.currentTime + after;
    const tone = new OscillatorNode(context, { type: 'sine', frequency: pitch });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(LOUD, at + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + FADES_S);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + FADES_S);
  }
}
