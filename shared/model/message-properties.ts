import { z } from 'zod';

/** What a sender says of its message in MQTT 5 (section 3.3.2.3); what says nothing is absent. A topic alias is resolved before. */
export const messagePropertiesSchema = z.object({
  contentType: z.string().optional(),
  /** The sender promises UTF-8. */
  payloadFormatIndicator: z.boolean().optional(),
  responseTopic: z.string().optional(),
  correlationDataBase64: z.string().optional(),
  /** Seconds that were left when it came. */
  messageExpiryInterval: z.number().int().optional(),
  /** In the order of their names; names may repeat. */
  userProperties: z.array(z.tuple([z.string(), z.string()])).optional(),
});
export type MessageProperties = z.infer<typeof messagePropertiesSchema>;
