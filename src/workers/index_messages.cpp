#include "index_messages.hpp"

#include "valija/base/codec.hpp"

namespace valija::workers {
namespace {

enum class Tag : std::uint8_t { start = 1, batch, tag, cut, indexed, tagged, tagging, categorise, categorised };

Encoder begin(Tag tag) {
  Encoder encoder;
  encoder.u8(static_cast<std::uint8_t>(tag));
  return encoder;
}

void put(Encoder& encoder, const store::IndexTask& task) {
  encoder.i64(task.row).u8(static_cast<std::uint8_t>(task.action)).text(task.path).text(task.old_path);
  encoder.texts(task.tags).texts(task.dropped).texts(task.all).text(task.message);
}

store::IndexTask take_task(Decoder& decoder) {
  using Action = store::IndexTask::Action;
  store::IndexTask task;
  task.row = decoder.i64();
  const std::uint8_t action = decoder.u8();
  if (action > static_cast<std::uint8_t>(Action::restore)) decoder.refuse();
  task.action = static_cast<Action>(action);
  task.path = decoder.text();
  task.old_path = decoder.text();
  task.tags = decoder.texts();
  task.dropped = decoder.texts();
  task.all = decoder.texts();
  task.message = decoder.text();
  return task;
}

void put(Encoder& encoder, const std::optional<Error>& error) {
  encoder.flag(error.has_value());
  if (!error) return;
  encoder.u8(static_cast<std::uint8_t>(error->kind)).u8(static_cast<std::uint8_t>(error->blast));
  encoder.text(error->message).text(error->hint);
}

std::optional<Error> take_error(Decoder& decoder) {
  if (!decoder.flag()) return std::nullopt;
  Error error;
  const std::uint8_t kind = decoder.u8(), blast = decoder.u8();
  if (kind > static_cast<std::uint8_t>(Kind::cancelled) || blast > static_cast<std::uint8_t>(Blast::program)) decoder.refuse();
  error.kind = static_cast<Kind>(kind);
  error.blast = static_cast<Blast>(blast);
  error.message = decoder.text();
  error.hint = decoder.text();
  return error;
}

void put(Encoder& encoder, const Unindexed& unindexed) {
  const auto& message = unindexed.message;
  encoder.i64(unindexed.row).text(message.path).text(message.reason).i64(message.date).text(message.from).text(message.subject);
}

Unindexed take_unindexed(Decoder& decoder) {
  Unindexed unindexed;
  unindexed.row = decoder.i64();
  unindexed.message.path = decoder.text();
  unindexed.message.reason = decoder.text();
  unindexed.message.date = decoder.i64();
  unindexed.message.from = decoder.text();
  unindexed.message.subject = decoder.text();
  return unindexed;
}

std::string to_bytes(const StartIndexing& start) {
  Encoder encoder = begin(Tag::start);
  encoder.text(start.location.database).text(start.location.config).u32(static_cast<std::uint32_t>(start.lock_wait_ms)).u8(start.gives_categories ? 1 : 0);
  return encoder.take();
}

std::string to_bytes(const IndexBatch& batch) {
  Encoder encoder = begin(Tag::batch);
  encoder.u32(batch.budget_ms).u32(static_cast<std::uint32_t>(batch.tasks.size()));
  for (const auto& task : batch.tasks) put(encoder, task);
  return encoder.take();
}

std::string to_bytes(const TagMessages& tagging) {
  Encoder encoder = begin(Tag::tag);
  encoder.u64(tagging.id).text(tagging.query).u32(static_cast<std::uint32_t>(tagging.effects.size()));
  for (const TagEffect& effect : tagging.effects) encoder.texts(effect.ids).texts(effect.add).texts(effect.remove);
  return encoder.take();
}

std::string to_bytes(const CategoriseMessages& request) {
  Encoder encoder = begin(Tag::categorise);
  encoder.u64(request.id).u32(request.budget_ms).texts(request.ids);
  return encoder.take();
}

std::string to_bytes(const CutBatch&) { return begin(Tag::cut).take(); }

std::string to_bytes(const BatchIndexed& indexed) {
  Encoder encoder = begin(Tag::indexed);
  encoder.u32(static_cast<std::uint32_t>(indexed.done.size()));
  for (const auto row : indexed.done) encoder.i64(row);
  encoder.u32(static_cast<std::uint32_t>(indexed.unindexed.size()));
  for (const auto& unindexed : indexed.unindexed) put(encoder, unindexed);
  encoder.u64(indexed.added).i64(indexed.failed_row).text(indexed.index);
  put(encoder, indexed.error);
  return encoder.take();
}

std::string to_bytes(const MessagesTagged& tagged) {
  Encoder encoder = begin(Tag::tagged);
  encoder.u64(tagged.id).u64(tagged.changed.messages).u32(static_cast<std::uint32_t>(tagged.changed.places.size()));
  for (const auto& place : tagged.changed.places) encoder.text(place.folder).u64(place.files);
  put(encoder, tagged.error);
  return encoder.take();
}

std::string to_bytes(const TaggingProgress& progress) {
  Encoder encoder = begin(Tag::tagging);
  encoder.u64(progress.id).u64(progress.looked_at);
  return encoder.take();
}

std::string to_bytes(const MessagesCategorised& categorised) {
  Encoder encoder = begin(Tag::categorised);
  encoder.u64(categorised.id).u64(categorised.looked_at).u64(categorised.changed);
  put(encoder, categorised.error);
  return encoder.take();
}

IndexBatch take_batch(Decoder& decoder) {
  constexpr std::size_t smallest_task = 33;
  IndexBatch batch;
  batch.budget_ms = decoder.u32();
  const std::size_t count = decoder.count(smallest_task);
  for (std::size_t i = 0; i < count && decoder.ok(); ++i) batch.tasks.push_back(take_task(decoder));
  return batch;
}

BatchIndexed take_indexed(Decoder& decoder) {
  constexpr std::size_t smallest_row = 8, smallest_unindexed = 32;
  BatchIndexed indexed;
  const std::size_t rows = decoder.count(smallest_row);
  for (std::size_t i = 0; i < rows && decoder.ok(); ++i) indexed.done.push_back(decoder.i64());
  const std::size_t refused = decoder.count(smallest_unindexed);
  for (std::size_t i = 0; i < refused && decoder.ok(); ++i) indexed.unindexed.push_back(take_unindexed(decoder));
  indexed.added = decoder.u64();
  indexed.failed_row = decoder.i64();
  indexed.index = decoder.text();
  indexed.error = take_error(decoder);
  return indexed;
}

TagMessages take_tagging(Decoder& decoder) {
  constexpr std::size_t smallest_effect = 12;
  TagMessages tagging;
  tagging.id = decoder.u64();
  tagging.query = decoder.text();
  const std::size_t effects = decoder.count(smallest_effect);
  for (std::size_t i = 0; i < effects && decoder.ok(); ++i) {
    TagEffect effect;
    effect.ids = decoder.texts();
    effect.add = decoder.texts();
    effect.remove = decoder.texts();
    tagging.effects.push_back(std::move(effect));
  }
  return tagging;
}

MessagesTagged take_tagged(Decoder& decoder) {
  constexpr std::size_t smallest_place = 12;
  MessagesTagged tagged;
  tagged.id = decoder.u64();
  tagged.changed.messages = decoder.u64();
  const std::size_t places = decoder.count(smallest_place);
  for (std::size_t i = 0; i < places && decoder.ok(); ++i) {
    std::string folder = decoder.text();
    tagged.changed.places.push_back({std::move(folder), decoder.u64()});
  }
  tagged.error = take_error(decoder);
  return tagged;
}

template <typename Message, typename T>
std::optional<Message> whole(const Decoder& decoder, T message) {
  if (!decoder.ok() || !decoder.at_end()) return std::nullopt;
  return Message(std::move(message));
}

}  // namespace

std::string encode(const IndexRequest& request) {
  return std::visit([](const auto& one) { return to_bytes(one); }, request);
}

std::string encode(const IndexAnswer& answer) {
  return std::visit([](const auto& one) { return to_bytes(one); }, answer);
}

std::optional<IndexRequest> decode_index_request(std::string_view bytes) {
  Decoder decoder(bytes);
  switch (static_cast<Tag>(decoder.u8())) {
    case Tag::start: {
      StartIndexing start;
      start.location.database = decoder.text();
      start.location.config = decoder.text();
      start.lock_wait_ms = static_cast<std::int32_t>(decoder.u32());
      start.gives_categories = decoder.u8() != 0;
      return whole<IndexRequest>(decoder, std::move(start));
    }
    case Tag::batch: {
      IndexBatch batch = take_batch(decoder);
      return whole<IndexRequest>(decoder, std::move(batch));
    }
    case Tag::tag: {
      TagMessages tagging = take_tagging(decoder);
      return whole<IndexRequest>(decoder, std::move(tagging));
    }
    case Tag::categorise: {
      CategoriseMessages request;
      request.id = decoder.u64();
      request.budget_ms = decoder.u32();
      request.ids = decoder.texts();
      return whole<IndexRequest>(decoder, std::move(request));
    }
    case Tag::cut:
      return whole<IndexRequest>(decoder, CutBatch{});
    default:
      return std::nullopt;
  }
}

std::optional<IndexAnswer> decode_index_answer(std::string_view bytes) {
  Decoder decoder(bytes);
  switch (static_cast<Tag>(decoder.u8())) {
    case Tag::indexed: {
      BatchIndexed indexed = take_indexed(decoder);
      return whole<IndexAnswer>(decoder, std::move(indexed));
    }
    case Tag::tagged: {
      MessagesTagged tagged = take_tagged(decoder);
      return whole<IndexAnswer>(decoder, std::move(tagged));
    }
    case Tag::tagging: {
      const std::uint64_t id = decoder.u64();
      return whole<IndexAnswer>(decoder, TaggingProgress{id, decoder.u64()});
    }
    case Tag::categorised: {
      MessagesCategorised categorised;
      categorised.id = decoder.u64();
      categorised.looked_at = decoder.u64();
      categorised.changed = decoder.u64();
      categorised.error = take_error(decoder);
      return whole<IndexAnswer>(decoder, std::move(categorised));
    }
    default:
      return std::nullopt;
  }
}

}  // namespace valija::workers
