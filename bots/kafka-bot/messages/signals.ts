/** What is made of prices: a hint to buy or to sell. */
export const signals = `{
  "eventType": "SIGNAL",
  "eventId": "{{uuid}}",
  "symbol": "{{symbol}}",
  "company": "{{company}}",
  "signal": "{{pick BUY SELL HOLD}}",
  "reason": "{{pick GOLDEN_CROSS DEAD_CROSS RSI_OVERSOLD RSI_OVERBOUGHT MACD_CROSS VOLUME_SURGE BREAKOUT}}",
  "strength": {{float 0 1 2}},
  "price": {{price}},
  "detectedAt": "{{now}}",
  "detectedAtMs": {{epochMs}},
  "test": true,
  "testid": "{{testid}}"
}`;
