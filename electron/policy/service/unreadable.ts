// What Node's parser cannot read as HTTP. Node answers and resets the connection, so that whoever is still sending never
// sees the answer, and a broker's plugin takes it for a fault of the service. Here the rest is read away for a moment.

import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

const lingerMs = 2_000;

export function answerUnreadable(server: Server, onAnswered: () => void): void {
  server.on('clientError', (error: Error & { code?: string }, socket: Duplex) => {
    if (socket.writableEnded) return;
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    onAnswered();
    const body = '{"ok":false,"reason":"this is no request"}';
    socket.end(
      `HTTP/1.1 ${statusOf(error.code)}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => clearTimeout(timer));
  });
}

function statusOf(code: string | undefined): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return '431 Request Header Fields Too Large';
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return '413 Payload Too Large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return '408 Request Timeout';
    default:
      return '400 Bad Request';
  }
}
