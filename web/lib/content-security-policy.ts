/** The one content security policy of every page: own files only, own inline scripts by nonce, nobody frames us, forms stay here. */

/** SHA-256 of the one style that Qwik City writes into the page, `:root{view-transition-name:none}`. */
const QWIK_CITY_STYLE = "'sha256-BNqWCI6vatXAprQd3EToRi4LD6hlgMUI75jPIWAId3E='";

export const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' ${QWIK_CITY_STYLE}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** 128 bits, base64. */
export const newNonce = (): string => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
