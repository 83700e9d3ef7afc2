/** What a share was traded at. */
export const stockData = `{
  "eventType": "STOCK_DATA",
  "eventId": "{{uuid}}",
  "symbol": "{{symbol}}",
  "company": "{{company}}",
  "market": "KRX",
  "currency": "KRW",
  "price": {{price}},
  "changePercent": {{float -3 3 2}},
  "volume": {{int 1 500000}},
  "tradedAt": "{{now}}",
  "tradedAtMs": {{epochMs}},
  "test": true,
  "testid": "{{testid}}"
}`;
