const pinned = /^(?<name>[^@]+?)(?::[^:/@]+)?@(?<digest>sha256:[0-9a-f]{64})$/;

/** The image by its digest alone: a tag beside it is a label that nothing checks. Undefined where there is no digest. */
export function pinnedImage(image: string): string | undefined {
  const found = pinned.exec(image)?.groups;
  return found === undefined ? undefined : `${found["name"]}@${found["digest"]}`;
}

/** Why an image may not be served; undefined when it may. A tag can be moved after the evidence was made. */
export function imageProblem(image: string): string | undefined {
  return pinnedImage(image) === undefined
    ? `the image ${image} is no exact image: a tag can be moved, so name it by digest, ${image.replace(/(?<=[^/]):[^:/@]*$|@.*$/, "")}@sha256:… (\`crane digest ${image}\` or \`docker buildx imagetools inspect ${image}\` prints it)`
    : undefined;
}
