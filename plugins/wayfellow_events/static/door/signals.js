// Say a verdict to eyes, ears and hands: colour, shape, word, sound and a buzz. None of them stands alone.

const LOOKS = {
  good: { shape: "M48 4a44 44 0 1 0 .1 0M27 50l14 14 29-31", tones: [880, 1320], buzz: [60] },
  warn: { shape: "M48 8 92 86H4zM48 36v24M48 71v1", tones: [520, 520], buzz: [80, 60, 80] },
  bad: { shape: "M30 4h36l26 26v36L66 92H30L4 66V30zM33 33l30 30M63 33 33 63", tones: [220, 160], buzz: [250] },
};
const WARNINGS = new Set(["already_in", "needs_answers", "not_inside", "retry_later", "ambiguous", "outside_window"]);
let audio = null;

export function toneOf(verdict, admitted) {
  if (admitted) return "good";
  return WARNINGS.has(verdict) ? "warn" : "bad";
}

export const shapeOf = (tone) => LOOKS[tone].shape;

// A browser lets a page sound only after somebody touched it.
export function allowSound() {
  audio ??= new AudioContext();
  audio.resume();
}

export function signal(tone) {
  navigator.vibrate?.(LOOKS[tone].buzz);
  if (audio?.state !== "running") return;
  LOOKS[tone].tones.forEach((frequency, at) => {
    const oscillator = audio.createOscillator();
    const volume = audio.createGain();
    volume.gain.value = 0.2;
    oscillator.frequency.value = frequency;
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(audio.currentTime + at * 0.13);
    oscillator.stop(audio.currentTime + at * 0.13 + 0.12);
  });
}
