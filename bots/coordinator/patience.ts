/** Seconds that runners get to be there: an image is pulled, a node is added. */
export const startPatience = 300;

/** Seconds beyond its profile that a load may take: the last iterations, and what is pushed last. */
export const margin = 180;
