/** The part of kafkajs under its consumer, which it has no types for: connections to the brokers, and which leads what. */
declare module 'kafkajs/src/cluster/index.js' {
  import type { KafkaConfig, Logger } from 'kafkajs';

  interface PartitionFetch {
    readonly partition: number;
    readonly fetchOffset: string;
    readonly maxBytes: number;
  }

  interface FetchRequest {
    readonly maxWaitTime: number;
    readonly minBytes: number;
    readonly maxBytes: number;
    /** 0: what is not committed is read, too. */
    readonly isolationLevel: 0 | 1;
    readonly topics: readonly { readonly topic: string; readonly partitions: readonly PartitionFetch[] }[];
  }

  export interface FetchedMessage {
    readonly offset: string;
    /** In milliseconds since 1970. */
    readonly timestamp: string;
    readonly value: Buffer | null;
    /** A list where a name is there more than once. */
    readonly headers: Readonly<Record<string, Buffer | Buffer[] | undefined>>;
    /** Of a transaction: no message of anybody. */
    readonly isControlRecord: boolean;
  }

  interface FetchResponse {
    readonly responses: readonly {
      readonly topicName: string;
      readonly partitions: readonly {
        readonly partition: number;
        /** The offset after the last message that may be read. */
        readonly highWatermark: string;
        readonly messages: readonly FetchedMessage[];
      }[];
    }[];
  }

  interface Broker {
    /** Messages may begin before the offset that was asked for. Fails as a whole where it does for one partition. */
    fetch(request: FetchRequest): Promise<FetchResponse>;
  }

  type Options = Pick<
    KafkaConfig,
    'brokers' | 'ssl' | 'sasl' | 'clientId' | 'connectionTimeout' | 'requestTimeout' | 'retry' | 'socketFactory'
  > & {
    readonly logger: Logger;
    readonly enforceRequestTimeout: boolean;
    readonly allowAutoTopicCreation: boolean;
    readonly metadataMaxAge: number;
  };

  export default class Cluster {
    constructor(options: Options);
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
    findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
    findBroker(options: { readonly nodeId: number }): Promise<Broker>;
    fetchTopicsOffset(
      topics: readonly {
        readonly topic: string;
        readonly fromBeginning: boolean;
        readonly partitions: readonly { readonly partition: number }[];
      }[],
    ): Promise<{ readonly partitions: readonly { readonly offset: string }[] }[]>;
  }
}
