import { createHash } from 'node:crypto';

/** Nothing in a truststore is secret: the password, which Java wants, is the one that everybody uses. */
const password = 'changeit';

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};

/** A text of ASCII as Java's DataOutput writes it. */
const utf = (text: string): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, Buffer.from(text, 'ascii')]);
};

/**
 * A keystore of type JKS with one certificate to trust. JKS and not PKCS#12, of which each version of Java wants another
 * way to encrypt certificates that are no secret.
 *
 * @param certificate in DER
 */
export function truststore(certificate: Buffer): Buffer {
  const content = Buffer.concat([
    uint32(0xfeedfeed),
    // The version of the format, and how many entries there are.
    uint32(2),
    uint32(1),
    // An entry of the kind "trusted certificate": its alias, when it was made, what it is.
    uint32(2),
    utf('ca'),
    uint64(Date.now()),
    utf('X.509'),
    uint32(certificate.length),
    certificate,
  ]);
  const digest = createHash('sha1')
    .update(Buffer.from(password, 'utf16le').swap16())
    // Part of the format.
    .update('Mighty Aphrodite')
    .update(content)
    .digest();
  return Buffer.concat([content, digest]);
}
