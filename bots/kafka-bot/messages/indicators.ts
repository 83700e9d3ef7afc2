/** What is worked out from the prices of some time. */
export const indicators = `{
  "eventType": "TECHNICAL_INDICATORS",
  "eventId": "{{uuid}}",
  "symbol": "{{symbol}}",
  "company": "{{company}}",
  "interval": "{{pick 1m 5m 1h 1d}}",
  "close": {{price}},
  "sma20": {{price}},
  "sma60": {{price}},
  "ema12": {{price}},
  "ema26": {{price}},
  "rsi14": {{float 0 100 2}},
  "macd": { "line": {{float -900 900 2}}, "signal": {{float -900 900 2}} },
  "volume": {{int 1 5000000}},
  "calculatedAt": "{{now}}",
  "calculatedAtMs": {{epochMs}},
  "test": true,
  "testid": "{{testid}}"
}`;
