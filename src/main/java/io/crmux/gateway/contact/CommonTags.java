package io.crmux.gateway.contact;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.crmux.store.ChangeBody;
import java.util.List;

/** What changes say of tags. Waiting changes say the same few things over and over: each is kept once. */
public final class CommonTags {

    private static final long MOST_WORDS = 20_000;

    private static final Cache<ChangeBody.Tags, ChangeBody.Tags> COMMON = Caffeine.newBuilder()
            .maximumWeight(MOST_WORDS)
            .<ChangeBody.Tags, ChangeBody.Tags>weigher(
                    (tags, same) -> tags.apply().size() + tags.remove().size())
            .build();

    private CommonTags() {}

    /** Tags to apply and to remove: an object that changes share which say the same. */
    public static ChangeBody.Tags of(List<String> apply, List<String> remove) {
        ChangeBody.Tags known = COMMON.getIfPresent(new ChangeBody.Tags(apply, remove));
        if (known != null) {
            return known;
        }
        ChangeBody.Tags tags = new ChangeBody.Tags(shared(apply), shared(remove));
        ChangeBody.Tags common = COMMON.asMap().putIfAbsent(tags, tags);
        return common == null ? tags : common;
    }

    private static List<String> shared(List<String> words) {
        return words.stream().map(TagSet::shared).toList();
    }
}
