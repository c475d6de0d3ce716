// Why a request came to nothing, in the words of the report.

/** A failure with a kind: connect, tls, lost, reset, truncated, timeout, protocol. `again`: nothing was served, asking once more is safe. */
export class Failure extends Error {
  constructor(kind, what, again = false) {
    super(what);
    this.kind = kind;
    this.again = again;
  }
}

const unreachable = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EADDRNOTAVAIL', 'EMFILE']);
const lost = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_HTTP2_SESSION_ERROR', 'ERR_HTTP2_GOAWAY_SESSION']);

export function kindOf(error) {
  const code = error.code ?? '';
  if (unreachable.has(code)) return 'connect';
  if (/^(ERR_TLS|ERR_SSL|CERT_|EPROTO|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME)/.test(code)) return 'tls';
  return lost.has(code) ? 'lost' : 'protocol';
}

export function describe({ code, message }) {
  if (/alert no application protocol/.test(message)) return 'the server does not speak HTTP/2';
  return (code && !message.includes(code) ? `${code} ${message}` : message).trim();
}
