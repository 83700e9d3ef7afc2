/** Topics whose names begin so are a Kafka bot's own: it makes them, and nobody's consumers are there unasked. */
export const ownTopics = 'loadscope.';
