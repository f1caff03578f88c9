// Read codes from the camera: by the browser's own detector, else by jsQR in a worker. One picture is read at a time.

const WIDTH = 800;
const PAUSE = 80;
let stream = null;
let reader = null;

export async function start(video, found) {
  stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  video.srcObject = stream;
  await video.play();
  reader ??= await makeReader();
  watch(video, stream, found);
  navigator.wakeLock?.request("screen").catch(() => {});
}

export function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
}

export const running = () => stream !== null;
export const hasLight = () => Boolean(stream?.getVideoTracks()[0]?.getCapabilities?.().torch);
export const light = (on) => stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });

// Read a photo that was taken with another program.
export async function readPhoto(file) {
  reader ??= await makeReader();
  return reader(await createImageBitmap(file));
}

async function watch(video, mine, found) {
  while (stream === mine) {
    if (video.readyState >= 2 && !document.hidden) {
      const text = await reader(video).catch(() => "");
      if (text && stream === mine) found(text);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

async function makeReader() {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  return formats.includes("qr_code") ? nativeReader() : workerReader();
}

function nativeReader() {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (picture) => (await detector.detect(picture))[0]?.rawValue ?? "";
}

function workerReader() {
  const worker = new Worker(new URL("./decoder.js", import.meta.url));
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (picture) => {
    const width = picture.videoWidth ?? picture.width;
    const height = picture.videoHeight ?? picture.height;
    const scale = Math.min(1, WIDTH / width);
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => {
      worker.onmessage = (message) => resolve(message.data);
      worker.postMessage(image, [image.data.buffer]);
    });
  };
}
