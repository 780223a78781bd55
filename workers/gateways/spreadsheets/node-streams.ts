/**
 * Takes the place of the `readable-stream` packages in exceljs and its zip writer (see the aliases in wrangler.toml). Their copies know
 * nothing of each other once they are bundled, so that the zip writer refuses exceljs's streams; and each of them logs every chunk.
 */
export { default, Duplex, PassThrough, Readable, Stream, Transform, Writable, finished, pipeline } from 'node:stream';
