import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { describe, expect, it } from 'vitest';
import { encodeExportResponse, encodeStatus, RPC_CODE } from './responses.ts';

describe('answers', () => {
  it('are empty where everything was taken', () => {
    expect(encodeExportResponse('protobuf', 0, '')).toHaveLength(0);
    expect(Buffer.from(encodeExportResponse('json', 0, '')).toString()).toBe('{}');
  });

  it('say how many spans were refused and why, as the SDK reads it', () => {
    const bytes = encodeExportResponse('protobuf', 300, 'trace_id must be 16 bytes');
    expect(ProtobufTraceSerializer.deserializeResponse(bytes)).toMatchObject({
      partialSuccess: { rejectedSpans: 300, errorMessage: 'trace_id must be 16 bytes' },
    });
    expect(JSON.parse(Buffer.from(encodeExportResponse('json', 300, 'why')).toString())).toEqual({
      partialSuccess: { rejectedSpans: '300', errorMessage: 'why' },
    });
  });

  it('carry a status with code and message', () => {
    expect([...encodeStatus('protobuf', RPC_CODE.invalidArgument, 'no')]).toEqual([
      0x08, 3, 0x12, 2, 0x6e, 0x6f,
    ]);
    expect(JSON.parse(Buffer.from(encodeStatus('json', RPC_CODE.unavailable, 'later')).toString())).toEqual({
      code: 14,
      message: 'later',
    });
  });
});
