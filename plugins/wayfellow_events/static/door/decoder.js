// Find a QR code in a picture, away from the thread that draws the page.

importScripts("../vendor/jsqr-1.4.0/jsQR.js");

self.onmessage = ({ data }) => {
  const code = jsQR(data.data, data.width, data.height, { inversionAttempts: "attemptBoth" });
  self.postMessage(code?.data ?? "");
};
