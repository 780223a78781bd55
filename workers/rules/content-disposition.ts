/** `Content-Disposition` of a download (RFC 6266): the name in UTF-8 (RFC 8187), and one in ASCII for clients that know no better. */
const NOT_PLAIN = /[^\w.() -]+/g;
/** encodeURIComponent leaves these, RFC 8187 does not allow them. */
const STILL_TO_ESCAPE = /['()*]/g;

export function attachment(fileName: string): string {
  const ascii = fileName.replace(NOT_PLAIN, '').replace(/^[\s_.]+/, '') || 'download';
  const utf8 = encodeURIComponent(fileName).replace(
    STILL_TO_ESCAPE,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}
