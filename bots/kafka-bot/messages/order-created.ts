/** The event of the shop, with the users as its keys, and with marks by which consumers can tell that it is none. */
export const orderCreated = `{
  "eventType": "ORDER_CREATED",
  "eventId": "{{uuid}}",
  "orderId": "{{uuid}}",
  "userId": {{key}},
  "totalAmount": {{int 1000 500000}},
  "items": [{ "productId": {{int 1 1000}}, "quantity": {{int 1 5}} }],
  "createdAt": "{{now}}",
  "createdAtMs": {{epochMs}},
  "test": true,
  "testid": "{{testid}}"
}`;
