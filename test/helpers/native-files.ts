/** Names of compiled files, and whether a name is of a platform such as `linux-x64`. */
export const NATIVE = /\.(node|dll|dylib)$|\.so(\.\d+)*$/;

export function ofPlatform(platform: string): RegExp {
  return new RegExp(platform.replace('-', '[-/]'));
}
